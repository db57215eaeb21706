"""Words that conditions are made of, wherever they stand beside a limit: whom they are about, and what leads them."""

import re

PEOPLE = (
    r"(?:an? |any )?(?:patients?|subjects?|participants?|men|women|males?|females?|boys|girls|adults|children|"
    r"adolescents|infants|individuals|people)"
)
KEPT_OUT = (  # what follows "must" where it is no duty: "patients with HIV must be considered ineligible"
    r"(?:not\s+(?:be\s+)?(?:able\s+to\s+participat|enrol|enter|includ|participat|eligible|admit|recruit|randomi|regist|consider|"
    r"allow|permit|accept|take\s+part|join|qualif)|"
    r"be\s+(?:considered\s+|deemed\s+|regarded\s+as\s+|judged\s+)?(?:excluded|ineligible|not\s+eligible|withdrawn|prohibited|"
    r"exclusionary|barred|disqualified|disallowed|forbidden|banned|avoided|deferred|an?\s+(?:exclusion|reason\s+for)|grounds\s+for))"
)
SEX = r"(?:(?:fe)?males?|(?:wo)?m[ae]n)"
FOR_EACH_SEX = re.compile(  # behind two amounts: "450/470 ms (males/females)", "… for men and women"
    rf"[\s(]*(?:(?:for|in)\s+)?(?P<one>{SEX})\s*(?:/|\band\b|\bor\b)\s*(?P<other>{SEX})\b", re.I
)
COHORT = (
    r"(?:for\s+(?:the\s+)?|in\s+(?:the\s+)?)?(?:(?:part|cohort|arm|stratum|group|phase|sub-?study)s?\s+[\"“]?(?:[A-Z0-9]{1,3}[a-z]?|"
    r"fit|unfit)\b[\"”]?(?:(?:\s*[/,&–-]\s*|\s+(?:and|or)\s+)(?:(?:part|cohort|arm|group|phase)s?\s+)?(?-i:(?!OR\b)[A-Z0-9]{1,2})\b)*|(?!(?:for|in)\s)[a-z]+(?:\s[a-z]+)?\s"
    r"(?:sub-?study|cohort|stratum))(?:\s+only)?"
)
COHORTS = frozenset(  # COHORT fits nothing without one of them
    "part parts cohort cohorts arm arms stratum stratums group groups phase phases substudy study".split()
)
LED = re.compile(
    r"[\s,;(\[]*(?:(?:or|and|but|acceptable|allowed|permitted|tolerated|accepted|is|are|may|can|will|be)\s+)*(?P<words>(?:(?:if|in|for|with|"
    r"without|after|on|among|when|unless|while|under|where|due to|because of)\s+"
    r"(?:(?:the|a|an|patients?|subjects?|participants?|those|who|are|have|has|had|is|known|documented|"
    r"confirmed|suspected|presence|absence|case|cases|event|of|only|with|on|to|receiving|there|attributable|"
    r"secondary|history)\s+)*)?)",
    re.I,
)
LEADS_ITSELF = re.compile(
    r"(?:without|with|if|no|not|in|for|on|off|per|under|due|secondary|absence|presence|adults?|children|adolescents|diabetics|"
    r"(?:fe)?males?|(?:wo)?men)\b",
    re.I,
)
EVERYONES = frozenset({"adult", "cancer", "solid_tumor", "healthy_volunteers", "age_group", "cohort_part"})
LETTING_IN = frozenset("eligible allowed permitted acceptable accepted permissible enrolled included".split())
