"""What a criterion names beside what it asks for: anchors, purposes, tests, reasons, what a drug acts on.

"Recurrence within 12 months of radiotherapy" is about the recurrence, "an antibiotic active against tuberculosis" about
the antibiotic, "interfere with the evaluation of adverse events" about neither. Each rule has its own form of words and
an example; what stands in its groups binds nobody, and of some not even what seems to be permitted there is.
"""

import re
from collections.abc import Iterator

from trialcriteria.components.telling import Sought

STUDY_DRUG = (
    r"(?:investigational|study|trial|experimental)\s+(?:medicinal\s+)?(?:products?|drugs?|agents?|treatments?|medications?|"
    r"therap(?:y|ies)|vaccines?|interventions?)(?:\s*\([^()]{2,30}\))?"
)
SPAN_OF_TIME = r"\d+(?:\.\d+)?\s*-?\s*(?:days?|weeks?|months?|years?)"
SHORT = (
    r"(?:(?!\b(?:who|unless|except|must|should|and\s+(?:has|have|is|are|no)|or\s+(?:has|have|had)|based\s+(?:up)?on)\b)"
    r"[^.;:,()])"
)
BRIEF = (  # as SHORT, up to a time or a condition
    r"(?:(?!\b(?:within|during|if|when|at|prior|before|in\s+the|for\s+(?:at|more|less|\d)|\d)\b|[≥≤<>])" + SHORT + ")"
)
LIFTING = (
    Sought(  # "unless used for diseases other than leukemia"
        "other",
        rf"\b(?:for|due\s+to)\s+(?:diseases?|reasons?|indications?|conditions?|purposes?)\s+other\s+than\s+(?P<words>{BRIEF}{{3,60}})",
        re.I,
    ),
    Sought(  # "recurrence within 12 months from the completion of previous radiotherapy"
        "relapse relapsed recurrence recurred progression progressed recurrent",
        r"\b(?:relaps\w+|recurr\w+|progress(?:ion|ed))\b[^.;:()]{0,80}?(?:\bwithin|[<>≤≥]=?|\b(?:least|than))\s*"
        rf"{SPAN_OF_TIME}\s+(?:of|from|after|since|following)\s+(?P<words>{SHORT}{{3,110}})",
        re.I,
    ),
    Sought(  # "the risk of seizure recurrence is low", "is deemed at low risk for recurrence"
        "risk",
        rf"(?P<words>\brisk\s+of\s+{SHORT}{{3,40}}?)\s+is\s+(?:low|negligible|acceptable)|"
        rf"\b(?:deemed|considered|felt|judged|are|is)\b[^.;,]{{0,60}}?\b(?P<low>(?:low|negligible|minimal)\s+risk\s+(?:of|for)\s+{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "all patients must agree to HIV testing"
        "testing status",
        r"(?:^|(?<=[.;(]))(?:(?!\b(?:negative|positive)\b)[^.;(])*?\b(?P<words>(?:HIV|hepatitis(?:\s+[BC])?|HBV|HCV)"
        r"(?:\s+or\s+(?:HIV|hepatitis(?:\s+[BC])?))?)"
        r"\s+(?:testing|status)\b",
        re.I,
    ),
    Sought(  # "an antibiotic active against M. tuberculosis", "agents with documented activity against HIV-1"
        "active activity",
        r"\b(?:active|activity)\s+against\s+(?P<words>(?:M\.\s)?[^.;,()]{3,50}?)"
        r"(?=\s+(?:within|in\s+(?:the|vitro)|during|for)\b|[.;,()]|$)",
        re.I,
    ),
)
RULES = (
    Sought(  # "has not received any antiretroviral during the current pregnancy"
        "pregnancy",
        r"\b(?:not|no|never|without)\b[^.;:]{3,80}?\bduring\s+(?:(?:the|her|an?|this|current|present|index|last|previous)\s+)*"
        r"(?P<words>pregnancy)\b",
        re.I,
    ),
    Sought(  # "true progression rather than radiation necrosis"
        "rather", rf"\brather\s+than\s+(?P<words>{BRIEF}{{3,60}})", re.I
    ),
    Sought(  # "should preferably be treated with a non-enzyme-inducing antiepileptic"
        "preferably",
        rf"\b(?:should|may|can)\s+preferably\s+(?P<words>{SHORT}{{3,100}})",
        re.I,
    ),
    Sought(  # "a liver biopsy may be required"
        "required necessary needed requested",
        r"(?:^|(?<=[.;,]\s)|(?<=\())\W*(?P<words>[^.;:,()]{3,80}?)\s+(?:may|might|can|could)\s+(?:also\s+)?be\s+"
        r"(?:required|necessary|needed|requested)\b",
        re.I,
    ),
    Sought(  # "any questions about the definition of cytotoxic agents"
        "question questions",
        rf"\bquestions?\s+(?:about|regarding|concerning|related\s+to)\s+(?P<words>{SHORT}{{3,120}})",
        re.I,
    ),
    Sought(  # "Vorinostat is not metabolized by CYP3A4. It may potentially suppress CYP3A4."
        "metabolized metabolised eliminated excreted suppress inhibit induce interact",
        r"(?:^|(?<=[.;]\s))\W*(?P<words>(?:however,?\s+)?(?:(?!(?:that|which|use|any|drugs?|agents?)\b)[\w-]+\s+){1,4}?(?:(?:is|are)\s+(?:not\s+)?(?:\w+ly\s+)?"
        r"(?:metaboli[sz]ed|eliminated|excreted)|may\s+(?:\w+ly\s+)?(?:suppress|inhibit|induce|interact))\b[^.;]*)",
        re.I,
    ),
    Sought(  # "must be normal, or abnormal findings must be judged not clinically significant"
        "abnormal abnormalities",
        r"(?P<words>\b(?:any\s+)?(?:abnormal\s+(?:\w+\s+)?(?:findings?|values?|results?)|abnormalit(?:y|ies)))\s+(?:must|should)\s+"
        r"(?:be|have\s+been)\s+(?:judged|considered|deemed|assessed|determined)\b",
        re.I,
    ),
    Sought(  # "cannot be classified as one of the eligible histologies (adenocarcinoma, large cell)"
        "eligible",
        r"\beligible\s+(?:\w+\s+)?(?:histolog|disease|diagnos|tumou?r|categor|type|subtype)\w*\s*\((?P<words>[^()]*)\)",
        re.I,
    ),
    Sought(  # "but not necessarily non-specific T wave abnormalities"
        "necessarily", rf"(?P<words>\bnot\s+necessarily\s+{SHORT}{{3,60}})", re.I
    ),
    Sought(  # "after receiving an explanation of the characteristics of the investigational drug"
        "explanation explained",
        r"\bexplanations?\s+(?:on|of|about|regarding|concerning)\s+(?P<words>[^.;:()]{3,150})",
        re.I,
    ),
    Sought(  # "the investigator must instruct the patient that cannabis is not allowed during treatment"
        "instruct inform advise",
        r"\binvestigators?\s+(?:must|should|will)\s+(?:\w+\s+)?(?:instruct|inform|advise)\b(?P<words>[^.;]*)",
        re.I,
    ),
    Sought(  # "condoms with spermicide to minimize the risk of pregnancy"
        "minimize minimise reduce lower",
        rf"\bto\s+(?:minimi[sz]e|reduce|lower)\s+(?:the\s+)?(?:risks?|chances?|likelihood|possibility)\s+of\s+(?P<words>{SHORT}{{3,40}})",
        re.I,
    ),
    Sought(  # "vasectomy with documentation of azoospermia"
        "azoospermia", r"\b(?:documentation\s+of|documented|confirmed)\s+(?P<words>azoospermia)\b", re.I
    ),
    Sought(  # "other anticancer drugs from a previous treatment regimen"
        "previous prior",
        r"\b(?:agents?|drugs?|medications?|therap(?:y|ies))\s+from\s+(?:an?|any|the|their)\s+(?P<words>(?:previous|prior)\s+"
        rf"(?:treatment|therapy|chemotherapy|anti-?cancer)\b{SHORT}{{0,30}})",
        re.I,
    ),
    Sought(  # "the subject and/or the legally authorised representative must speak English"
        "representative representatives",
        r"\b(?:patients?|subjects?|participants?)\s*(?:,|and/or|and|or)\s+(?:(?:the|their|his|her|his/her|an?|/)\s*)*"
        r"(?P<words>(?:legal(?:ly)?\s+)?(?:(?:authori[sz]ed|acceptable|designated|appointed)\s+)?representatives?)\b",
        re.I,
    ),
    Sought(  # "former smokers are defined as those who have stopped smoking for 6 months"
        "defined",
        r"(?:^|(?<=[.;:]\s))\W*(?P<words>(?:(?:former|ex-?|never|non-?)[\s-]*smokers?|(?:surgically|permanently)\s+steril\w+"
        r"(?:\s+\w+)?)\s+(?:is|are)\s+defined\s+as\b[^.;]*)",
        re.I,
    ),
    Sought(  # "pre-menopausal women (last menstruation ≤ 1 year before consent) who:"
        "premenopausal menopausal",
        r"\bpre-?\s?menopausal\s+(?:women|females?)\s+\((?P<words>last\s+menstrua[^()]*)\)",
        re.I,
    ),
    Sought(  # "prior systemic therapy for stage IIIB, stage IV, or recurrent NSCLC"
        "stage",
        r"\b(?:prior|previous|no)\s+(?:[\w-]+\s+){0,3}?(?:therap(?:y|ies)|treatments?|chemotherapy|radiotherapy|surgery)\s+for\s+"
        r"(?P<words>stages?\s(?:(?!\b(?:is|are|was|were|if|within|may|must|unless|except)\b)[^.;:]){2,120})",
        re.I,
    ),
    Sought(  # "no abnormality on screening tests (blood count, thyroid stimulating hormone)"
        "tests evaluations assessments",
        r"\b(?:screening|laboratory|lab)\s+(?:tests?|evaluations?|assessments?)\s*\((?P<words>[^()<>≤≥\d]*)\)",
        re.I,
    ),
    Sought(  # "topical treatment on the site of eczema"
        "site sites", rf"\b(?:on|at)\s+the\s+sites?\s+of\s+(?P<words>{BRIEF}{{3,40}})", re.I
    ),
    Sought(  # "coumarin derivatives allowed for prophylaxis of catheter thrombosis"
        "allowed permitted",
        rf"\b(?:allowed|permitted)\s+for\s+(?:the\s+)?(?P<words>(?:prophylaxis|prevention|treatment|management|relief)\s+of\s+{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "compulsorily detained for treatment of a psychiatric disease"
        "detained incarcerated institutionalized",
        r"\b(?:detained|incarcerated|institutionali[sz]ed)\b[^.;]{0,40}?\bfor\s+(?:the\s+)?"
        r"(?P<words>treatment\s+of\s+[^.;()]{3,80})",
        re.I,
    ),
    Sought(  # "an illness that could increase their risk for hypoglycemia"
        "risk",
        r"\b(?:increase|increases|raise|raises|reduce|reduces|lower|lowers)\s+(?:(?:the|their|his|her|a|(?:patient|subject)[’']s)\s+)*risks?"
        rf"\s+(?:of|for)\s+(?P<words>{BRIEF}{{3,60}})",
        re.I,
    ),
    Sought(  # "is expected to affect the subject's asthma status"
        "affect alter influence",
        rf"\b(?:affect|alter|influence)\w*\s+(?:the\s+)?(?:subject|patient|participant)[’']s\s+(?P<words>{SHORT}{{3,40}}?)\s+"
        r"(?:status|condition|control)\b",
        re.I,
    ),
    Sought(  # "patients enrolled into the prior chemotherapy cohort"
        "cohort arm", r"\b(?:in|into|to|of)\s+the\s+(?P<words>(?:[\w-]+\s+){1,4}?)(?:cohort|arm)s?\b", re.I
    ),
    Sought(  # "patients with melanoma, especially those with accessible tumors, will be sought for this trial"
        "sought preferred",
        r"(?:^|(?<=[.;]\s))\W*(?P<words>[^.;]{3,120}?)\s+(?:will\s+be\s+sought|(?:is|are|will\s+be)\s+preferred)\b",
        re.I,
    ),
    Sought(  # "this part of the trial will not be limited to only melanoma patients"
        "limited", rf"\bwill\s+not\s+be\s+limited\s+to\s+(?P<words>{BRIEF}{{3,60}})", re.I
    ),
    Sought(  # "must be informed about the nature of the study (including possible side effects)"
        "informed",
        r"\binformed\s+(?:about|of)\s+(?P<words>(?:(?!\band\s+must\b)[^.;]){3,200})",
        re.I,
    ),
    Sought(  # "angina at the time of lymphoma diagnosis"
        "diagnosis",
        r"\bat\s+(?:the\s+)?time\s+of\s+(?:their\s+|initial\s+)?(?P<words>(?:[\w-]+\s+){1,4}?)diagnosis\b",
        re.I,
    ),
    Sought(  # "complete abstinence from vaginal intercourse"
        "abstinence",
        r"\babstinence\s+from\s+(?P<words>(?:[\w-]+\s+){0,2}(?:intercourse|sex(?:ual)?(?:\s+\w+)?))",
        re.I,
    ),
    Sought(  # "(please note that not all IUDs meet this criterion)"
        "note", r"\bnote\s+that\s+not\s+all\s+(?P<words>[^.;)]*)", re.I
    ),
    Sought(  # "no residual disease after surgery"
        "no without",
        rf"\b(?:no|without)\s+(?:[\w-]+\s+){{1,5}}?(?:after|following)\s+(?P<words>(?!\d){BRIEF}{{3,40}})",
        re.I,
    ),
    Sought(  # "a stress test and, if abnormal, angiography"
        "abnormal positive doubt indicated",
        rf"\bif\s+(?:abnormal|positive|in\s+doubt|(?:clinically\s+)?indicated),?\s+(?P<words>(?!at|it|by|in|on|the\b){BRIEF}{{3,60}})",
        re.I,
    ),
    Sought(  # "consent of the support person in case of disability"
        "consent", rf"\bconsent\b[^.;]{{0,80}}\bin\s+(?:the\s+)?case\s+of\s+(?P<words>{SHORT}{{3,60}})", re.I
    ),
    Sought(  # "the risk of which may be precipitated by a VEGF inhibitor"
        "precipitated exacerbated worsened aggravated",
        rf"\b(?:precipitated|exacerbated|worsened|aggravated)\s+by\s+(?P<words>{BRIEF}{{3,60}})",
        re.I,
    ),
    Sought(  # "patients with measurable disease will be evaluated by RECIST"
        "evaluated assessed stratified analyzed analysed monitored",
        r"(?:^|(?<=[.;:]\s))\W*(?:all\s+)?(?:patients|subjects|participants)\s+(?:with|who\s+have)\s+(?P<words>[^.;]{3,100}?\s+will\s+be\s+"
        r"(?:evaluated|assessed|stratified|analy[sz]ed|monitored)\b[^.;]*)",
        re.I,
    ),
    Sought(  # "an abnormal x-ray not believed to be due to the presence of COPD"
        "believed thought felt considered",
        r"\b(?:not|than\s+(?:those|that))\s+(?:believed|thought|felt|considered)\s+to\s+be\s+(?:due|related|attributable|secondary)\s+to\s+"
        rf"(?:the\s+presence\s+of\s+)?(?P<words>{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "an x-ray must be taken if the subject has not had one within 6 months"
        "taken performed obtained done repeated",
        r"\b(?:must|should|will)\s+be\s+(?:taken|performed|obtained|done|repeated)\s+if\s+(?:the\s+)?(?:subjects?|patients?|participants?|one|none)\b"
        r"(?P<words>[^.;]*)",
        re.I,
    ),
    Sought(  # "HCG will be checked in premenopausal patients"
        "checked drawn",
        r"(?:^|(?<=[.;]\s))\W*(?P<words>[^.;:,]{3,60}?)\s+will\s+be\s+(?:checked|drawn)\b",
        re.I,
    ),
    Sought(  # "the eligibility of patients who receive substances known to … will be determined by the sponsor"
        "eligibility",
        r"\beligibility\s+of\s+(?:patients|subjects|participants)\s+(?P<words>[^.;]*?)\s+will\s+be\s+(?:determined|decided|assessed)\b",
        re.I,
    ),
    Sought(  # "capability to record the severity of neurotoxicity"
        "record describe document recording",
        r"\b(?:capability|capable|ability|able|willing(?:ness)?)\s+(?:to|of)\s+(?:accurately\s+|reliably\s+)?(?:record(?:ing)?|describe|document)\s+"
        rf"(?P<words>{SHORT}{{3,80}})",
        re.I,
    ),
    Sought(  # "blood pressure > 150/100 mmHg on antihypertensive medications"
        "mmhg mm",
        r"\bmm\s?Hg\)?\s+(?:while\s+)?on\s+(?:(?:stable|optimal|maximal|current)\s+)?(?P<words>anti-?hypertensives?(?:\s+\w+)?)",
        re.I,
    ),
    Sought(  # "patients who have received > 240 mg/m2 should be advised to have their LVEF measured"
        "advised counseled counselled",
        r"(?:^|(?<=[.;:]\s))\W*(?P<words>(?:patients|subjects|participants)\s+(?:who|with)\b[^.;]*?\bshould\s+be\s+(?:advised|counsel\w+)\b[^.;]*)",
        re.I,
    ),
    Sought(  # "not engaging in sexual activity for the duration of the trial is an acceptable practice"
        "engaging",
        r"\bnot\s+engaging\s+in\s+(?P<words>sexual\s+(?:activity|intercourse))[^.;]*?\bacceptable\b",
        re.I,
    ),
    Sought(  # "female subjects of childbearing potential who are sexually active must use contraception"
        "sexually",
        r"\b(?:subjects|patients|participants|wom[ae]n|m[ae]n|(?:fe)?males?)\b[^.;]{0,60}?\bwho\s+(?:are|were)\s+"
        r"(?P<words>sexually\s+active)\b[^.;]*?\b(?:must|should|will|needs?)\b",
        re.I,
    ),
    Sought(  # "would interfere with the absorption, metabolism or excretion of ensartinib"
        "absorption metabolism excretion pharmacokinetics",
        r"\b(?:absorption|metabolism|excretion|pharmacokinetics)\s+of\s+(?:the\s+)?(?:study\s+drugs?,?\s+)?"
        rf"(?P<words>{BRIEF}{{3,40}})",
        re.I,
    ),
    Sought(  # "> 50 % liver involvement by metastases"
        "involvement replaced replacement",
        rf"%[^.;,()]{{0,40}}?\b(?:involvement|replaced|replacement)\s+(?:by|with)\s+(?P<words>{BRIEF}{{3,40}})",
        re.I,
    ),
    Sought(  # "not meeting full criteria for the disorder but with gestures of it"
        "meeting",
        rf"\bnot\s+meeting\s+(?:[\w-]+\s+){{0,3}}criteria\s+(?:for|of)\s+(?P<words>{SHORT}{{3,60}}?)\s+but\b",
        re.I,
    ),
    Sought(  # "the Classification of Functional Status in Rheumatoid Arthritis"
        "classification", rf"\bclassification\s+of\s+[^.;,()]{{3,40}}?\s+in\s+(?P<words>{BRIEF}{{3,40}})", re.I
    ),
    Sought(  # "until 14 days after the last dose of blinded investigational product"
        "last first final discontinuation completion",
        r"\b(?:last|first|final)\s+(?:dos(?:e|ing)|administration|infusion|injection|intake)s?\s+of\s+(?:[\w-]+\s+){0,3}?"
        rf"(?P<words>{STUDY_DRUG})|\b(?:discontinuation|completion|end|stop)\s+of\s+(?:[\w-]+\s+){{0,3}}?(?P<end>{STUDY_DRUG})",
        re.I,
    ),
    Sought(  # "for the duration of study treatment with nivolumab and 5 months after it"
        "study protocol",
        rf"\b(?:study|protocol)\s+(?:treatment|therapy|drugs?)\s+with\s+(?P<words>{SHORT}{{3,40}}?)"
        r"(?=\s+(?:and|plus|until|or)\b|[.;:,()]|$)",
        re.I,
    ),
    Sought(  # "possible aetiologies are: cured hepatitis C, former alcohol abuse or others"
        "aetiologies etiologies aetiology etiology causes",
        r"\b(?:possible|potential|underlying|allowed)\s+(?:a?etiolog(?:y|ies)|causes?)\s+(?:are|is|include)\s*:?\s*"
        r"(?P<words>[^.;]*)",
        re.I,
    ),
    Sought(  # "would interfere either with the ability to complete the study or the evaluation of adverse events"
        "interfere interferes confound compromise hinder",
        r"\b(?:interfer|confound|compromis|impair|affect|hinder)\w*\b[^.;]{0,120}\b(?:evaluation|assessments?|interpretation|analysis|"
        rf"measurement)\s+of\s+(?:the\s+)?(?P<words>{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "… interfere with completing diaries that require recall of pain in the past 24 hours"
        "recall", r"\b(?:interfer\w+|affect\w*|impair\w*)\b[^.;]{0,120}\brecall\b(?P<words>[^.;,]{3,80})", re.I
    ),
    Sought(  # "should be excluded due to evidence supporting the potential for delayed wound healing"
        "due",
        r"\bdue\s+to\s+(?:the\s+)?(?:(?:pre)?clinical\s+)?(?:evidence|data|concerns?|reports?|(?:perceived\s+)?(?:increased\s+)?risks?|(?:unknown|possible|potential|unclear|adverse)\s+(?:effects?|risks?))\s+"
        r"(?P<words>(?:(?!\b(?:unless|except|although|or\s+(?:patients?|subjects?))\b|,\s+(?:patients|subjects|participants|women|men)\b)"
        r"[^.;])*)",
        re.I,
    ),
    Sought(  # "excluded from the dose escalation component of the phase I trial"
        "phase", r"\bof\s+(?:the|this)\s+(?P<words>phase\s+[IV1-4]+[ab]?\s+(?:trial|study|portion|part))\b", re.I
    ),
    Sought(  # "provided that the regimen is not contraindicated with any of the study agents"
        "contraindicated contra",
        rf"\bnot\s+contra-?\s?indicated\s+(?:with|for|in\s+combination\s+with)\s+(?P<words>{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "when evaluating for suicide risk"
        "evaluating assessing screening",
        rf"\bwhen\s+(?:evaluating|assessing|screening)\s+(?:for\s+)?(?P<words>{SHORT}{{3,40}})",
        re.I,
    ),
    Sought(  # "free air not explained by paracentesis or a recent procedure"
        "explained attributable accounted",
        rf"\bnot\s+(?:be\s+)?(?:\w+\s+)?(?:explained|accounted\s+for|attributable)\s+(?:by|to)\s+(?P<words>{SHORT}{{3,80}})",
        re.I,
    ),
    Sought(  # "during the intensive phase of tuberculosis treatment"
        "phase", rf"\bduring\s+(?:the\s+)?(?:[\w-]+\s+){{0,2}}phases?\s+of\s+(?P<words>{SHORT}{{3,60}})", re.I
    ),
    Sought(  # "will be used to determine rifampicin resistance", "agree to testing to confirm HIV status"
        "determine detect confirm verify",
        r"\b(?:used|performed|done|testing|tested|biopsy|obtained)\s+to\s+"
        r"(?P<words>(?:determine|detect|confirm|verify)\s+(?!(?:without|(?:the\s+)?absence|no)\b)"
        rf"{SHORT}{{3,60}})",
        re.I,
    ),
    Sought(  # "histological confirmation waived for brain stem gliomas"
        "waived", rf"\bwaived\s+(?:for|in)\s+(?P<words>{SHORT}{{3,80}})", re.I
    ),
    Sought(  # "30 days plus the time required for the investigational drug to undergo five half-lives"
        "required", rf"\b(?:time|days)\s+required\s+for\s+(?:the\s+)?(?P<words>{SHORT}{{3,60}})", re.I
    ),
    Sought(  # "with removal of all visible disease"
        "removal resection",
        r"\b(?:removal|resection)\s+of\s+(?:all\s+)?(?P<words>visible\s+(?:disease|tumou?rs?))\b",
        re.I,
    ),
    Sought(  # "requiring saline for correction of severe hyponatremia"
        "correction", rf"\bfor\s+(?:the\s+)?correction\s+of\s+(?P<words>{SHORT}{{3,60}})", re.I
    ),
    Sought(  # "healthy controls will be excluded if any of the following criteria are met"
        "excluded ineligible",
        r"^\W*(?P<words>[^.;:,]{3,60}?)\s+(?:will|are|should|must)\s+(?:be\s+)?(?:excluded|ineligible)\s+if\s+(?:any|one|they)\b",
        re.I,
    ),
    Sought(  # "Contraception as described in section 7.3"
        "described outlined",
        r"(?:^|(?<=[.;]\s))\W*(?P<words>contraception|birth\s+control)\s+as\s+(?:described|outlined)\s+in\b",
        re.I,
    ),
    Sought(  # "agents associated with glucose intolerance", "adverse events associated to fluoroquinolones"
        "associated",
        r"\b(?:agents?|medications?|drugs?|substances?|events?|effects?)\s+(?:(?:\w+ly\s+)?(?:or\s+\w+ly\s+)?)associated\s+(?:with|to)\s+"
        r"(?P<words>[^.;,()]{3,60}?)(?=\s+(?:within|in\s+the|such)\b|[.;,()]|$)",
        re.I,
    ),
    Sought(  # "prior to prescribing lenalidomide", "before she starts taking lenalidomide"
        "prescribing dispensing starts begins",
        r"\b(?:prior\s+to|before)\s+(?:prescribing|dispensing|(?:s?he|they|the\s+(?:patient|subject|participant))\s+"
        rf"(?:starts?|begins?)(?:\s+(?:taking|receiving))?)\s+(?P<words>{SHORT}{{3,40}})",
        re.I,
    ),
    Sought(  # "following the completion of the ketamine infusion day"
        "completion",
        rf"\b(?:following|after|until)\s+(?:the\s+)?completion\s+of\s+(?:the\s+)?(?P<words>{SHORT}{{3,40}}?)\s+(?:day|visit|session)\b",
        re.I,
    ),
    Sought(  # "good health as determined by medical history, ECG and serology"
        "determined judged assessed",
        r"\bas\s+(?:determined|judged|assessed|evaluated)\s+by\s+(?:an?\s+|the\s+|their\s+)?(?P<words>(?:medical|physical|clinical)\s+"
        r"(?:and\s+\w+\s+)?(?:history|exam\w*)(?:(?!,\s+(?:of|who|with|as|including|and\s+who)\b|\b(?:must|should)\b)[^.;])*)",
        re.I,
    ),
    Sought(  # "continuous treatment with these medications"
        "these those such",
        r"\b(?:these|those|such)\s+(?P<words>medications?|drugs?|agents?|treatments?|therapies|conditions)\b(?!\s+(?:as|for|to|that|which|with))",
        re.I,
    ),
)


def named_beside(text: str, *, lifting: bool = False) -> Iterator[tuple[int, int]]:
    """The places of a text that name what binds nobody; `lifting`: those in which nothing is permitted either.

    >>> said = "Relapse within 6 months of rituximab"
    >>> [said[a:b] for a, b in named_beside(said, lifting=True)]
    ['rituximab']
    """
    for rule in LIFTING if lifting else RULES:
        for found in rule.finditer(text):
            yield from (found.span(name) for name, words in found.groupdict().items() if words)
