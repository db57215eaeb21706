"""Scoring on cases worked out by hand: what matches what, what is wrong with it, and which figures that makes."""

import json
from functools import cache

import pytest

from test_annotations import compiled
from trialcriteria import lexicon, scoring
from trialcriteria.annotations import GoldTrial
from trialcriteria.records import TrialRow, TrialTables
from trialcriteria.scoring.bounds import with_canonical
from trialcriteria.scoring.errors import disagreements, mention_disagreements
from trialcriteria.scoring.report import as_data, changes, details, markdown, totals

INCLUSION = "= inclusion assumed\nI1 | {}\n"
EXCLUSION = "= exclusion assumed\nE1 | {}\n"


@cache
def view() -> scoring.View:
    return scoring.view(lexicon.load())


def tables(trial: GoldTrial) -> TrialTables:
    """Hand-written rows as if they had been read."""
    row = TrialRow(*(None,) * len(TrialRow._fields))._replace(trial_id=trial.trial_id)  # type: ignore[arg-type]
    return TrialTables(
        row, [], [with_canonical(c, lexicon.load()) for c in trial.constraints], list(trial.mentions), []
    )


def scored(
    text: str, gold: str, read: str, head: str = INCLUSION, by: scoring.View | None = None, trial_id: str = "TEST0001"
) -> scoring.ScoredTrial:
    """Two hand-written readings of one criterion, compared."""
    ours, theirs = (compiled(text, head.format(text.split()[0]) + rows, trial_id) for rows in (gold, read))
    return scoring.score_trial(ours, tables(theirs), lexicon.load(), by or view())


def outcome(trial: scoring.ScoredTrial) -> list[tuple[str, str, tuple[str, ...], bool]]:
    """(gold id, read id, mistakes, harmful) of each bound."""
    return [
        (
            pair.gold.row.constraint_id[2:] if pair.gold else "-",
            pair.read.row.constraint_id[2:] if pair.read else "-",
            pair.mistakes,
            pair.harmful,
        )
        for pair in trial.bounds
    ]


def test_a_range_scores_alike_in_one_row_or_in_two() -> None:
    text = "Age between 18 and 65 years"
    one = "c1 age >= 18 <= 65 a | Age | between 18 and 65 years"
    two = "c1 age >= 18 a | Age | between 18 | unit: years\nc2 age <= 65 a | - | 65 years"
    assert outcome(scored(text, one, two)) == [("c1", "c1", (), False), ("c1", "c2", (), False)]
    assert outcome(scored(text, two, one)) == [("c1", "c1", (), False), ("c2", "c1", (), False)]


def test_outside_is_two_bounds_that_turn_away_from_each_other() -> None:
    text = "Pulse < 50 or > 110 bpm"
    outside = "c1 vital:heart_rate < 50 > 110 /min | Pulse | < 50 or > 110 bpm"
    between = "c1 vital:heart_rate >= 50 <= 110 /min | Pulse | < 50 or > 110 bpm"
    assert outcome(scored(text, outside, between)) == [
        ("c1", "c1", ("wrong operator",), True),
        ("c1", "c1", ("wrong operator",), True),
    ]


def test_half_of_a_range_is_one_bound_found_and_one_missed() -> None:
    text = "MMSE 20 to 26"
    gold = "c1 scale:mmse >= 20 <= 26 | MMSE | 20 to 26"
    read = "c1 scale:mmse >= 20 | MMSE | 20\nn unread | 26"
    assert outcome(scored(text, gold, read)) == [("c1", "c1", (), False), ("c1", "-", ("missed",), False)]


def test_rows_that_share_a_limit_match_by_attribute_whatever_their_order() -> None:
    text = "AST/ALT ≤ 3 x ULN"
    gold = "c1 lab:ast <= 3 [ULN] | AST | ≤ 3 x ULN\nc2 lab:alt <= 3 [ULN] | ALT | ≤ 3 x ULN"
    read = "c1 lab:alt <= 3 [ULN] | ALT | ≤ 3 x ULN\nc2 lab:ast <= 3 [ULN] | AST | ≤ 3 x ULN"
    assert outcome(scored(text, gold, read)) == [("c1", "c2", (), False), ("c2", "c1", (), False)]


def test_each_limit_is_matched_once_and_the_best_reading_wins() -> None:
    text = "Platelets ≥ 100 10^9/L"
    gold = "c1 lab:platelets >= 100 10*9/L | Platelets | ≥ 100 10^9/L"
    read = "c1 other ? 100 | - | 100\nc2 lab:platelets >= 100 10*9/L | Platelets | ≥ 100 10^9/L"
    assert outcome(scored(text, gold, read)) == [("c1", "c2", (), False), ("-", "c1", ("spurious",), True)]


@pytest.mark.parametrize(
    ("read", "mistakes"),
    [
        (">= 1.5 10*9/L", ()),
        (">= 1500 /uL", ()),
        (">= 1.5 10*3/uL", ()),
        (">= 1500 10*9/L", ("wrong scale",)),
        (">= 1.5 10*6/L", ("wrong scale",)),
        (">= 1.5 mg/dL", ("wrong unit",)),
        (">= 1.5 [ULN]", ("wrong unit",)),
        (">= 2.5 10*9/L", ("wrong value",)),
        ("> 1.5 10*9/L", ("wrong operator",)),
        ("<= 15 10*9/L", ("wrong operator", "wrong scale")),
    ],
)
def test_a_value_counts_in_whatever_unit_and_its_fault_has_a_name(read: str, mistakes: tuple[str, ...]) -> None:
    text = "Neutrophils ≥ 1.5 x 10^9/L"
    gold, rows = (f"c1 lab:neutrophils {it} | Neutrophils | ≥ 1.5 x 10^9/L" for it in (">= 1.5 10*9/L", read))
    assert outcome(scored(text, gold, rows)) == [("c1", "c1", mistakes, bool(mistakes))]


def test_a_number_whose_unit_was_not_found_is_incomplete_but_not_untrue() -> None:
    head = "new: other:skin_fold\n" + INCLUSION
    gold, read = (f"c1 other:skin_fold >= 12{unit} | Fold | ≥ 12 mm" for unit in (" mm", ""))
    assert outcome(scored("Fold ≥ 12 mm", gold, read, head)) == [("c1", "c1", ("wrong unit",), False)]
    assert outcome(scored("Fold ≥ 12 mm", read, gold, head)) == [("c1", "c1", ("wrong unit",), True)]


def test_classes_agree_when_all_their_levels_do() -> None:
    gold, right, wrong = (f"c1 scale:nyha in {levels} | NYHA | II or worse" for levels in ("II,III,IV",) * 2 + ("II",))
    assert outcome(scored("NYHA II or worse", gold, right)) == [("c1", "c1", (), False)]
    assert outcome(scored("NYHA II or worse", gold, wrong)) == [("c1", "c1", ("wrong value",), True)]


def test_an_operator_that_is_not_stated_must_not_be_guessed() -> None:
    stated, unstated = (f"c1 lab:alt {sign} 200 U/L | ALT | 200 U/L" for sign in (">", "?"))
    assert outcome(scored("ALT 200 U/L", unstated, stated)) == [("c1", "c1", ("wrong operator",), True)]
    assert outcome(scored("ALT 200 U/L", stated, unstated)) == [("c1", "c1", ("wrong operator",), False)]


def test_gold_of_another_scheme_that_leaves_operators_out_passes_any() -> None:
    stated, unstated = (f"c1 lab:alt {sign} 200 U/L | ALT | 200 U/L" for sign in (">", "?"))
    by = view()._replace(imported=True)
    assert outcome(scored("ALT 200 U/L", unstated, stated, by=by)) == [("c1", "c1", (), False)]


def test_an_attribute_is_its_lexicon_id_not_its_words() -> None:
    gold, read = (f"c1 lab:{name} > 3 [ULN] | ALT | > 3 x ULN" for name in ("alt", "ast"))
    assert outcome(scored("ALT > 3 x ULN", gold, read)) == [("c1", "c1", ("wrong attribute",), True)]


def test_the_right_words_without_an_id_are_incomplete_but_not_untrue() -> None:
    gold, read = (f"c1 lab{name} > 3 [ULN] | ALT | > 3 x ULN" for name in (":alt", ""))
    assert outcome(scored("ALT > 3 x ULN", gold, read)) == [("c1", "c1", ("wrong attribute",), False)]


@pytest.mark.parametrize(("words", "mistakes"), [("glow", ()), ("Blood", ("wrong attribute",))])
def test_an_attribute_that_the_lexicon_lacks_is_known_by_its_words(words: str, mistakes: tuple[str, ...]) -> None:
    text = "Blood pressure low, skin glow > 3 points"
    gold, read = "c1 other:skin_glow > 3 | skin glow | > 3 points", f"c1 other > 3 | {words} | > 3 points"
    trial = scored(text, gold, read, "new: other:skin_glow\n" + INCLUSION)
    assert outcome(trial) == [("c1", "c1", mistakes, bool(mistakes))]


def test_a_window_shared_by_events_may_name_any_of_them() -> None:
    text = "Stroke or TIA within 6 months"
    events = "m1 condition | Stroke\nm2 condition | TIA\n"
    gold = events + "c1 time_window <= 6 mo before now @m1,m2 | Stroke | within 6 months"
    read = events + "c1 time_window <= 6 mo before now @m1,m2 | TIA | within 6 months"
    assert outcome(scored(text, gold, read)) == [("c1", "c1", (), False)]


@pytest.mark.parametrize(
    ("read", "mistakes"),
    [
        ("time_window <= 6 mo before randomization", ()),
        ("time_window <= 180 d before randomization", ("wrong value",)),
        ("time_window <= 6 mo after randomization", ("wrong window",)),
        ("time_window <= 6 mo before now", ("wrong window",)),
        ("duration <= 6 mo", ("wrong window",)),
    ],
)
def test_a_window_is_its_direction_and_its_anchor(read: str, mistakes: tuple[str, ...]) -> None:
    text = "Stroke within 6 months before randomization"
    anchor = " | anchor: randomization"
    gold = f"m1 condition | Stroke\nc1 time_window <= 6 mo before randomization @m1 | Stroke | within 6 months{anchor}"
    rows = f"m1 condition | Stroke\nc1 {read} @m1 | Stroke | within 6 months{anchor if 'random' in read else ''}"
    assert [pair.mistakes for pair in scored(text, gold, rows, EXCLUSION).bounds] == [mistakes]


@pytest.mark.parametrize(("words", "mistakes"), [("moon", ()), ("first", ("wrong window",))])
def test_an_anchor_that_the_lexicon_lacks_is_known_by_its_words(words: str, mistakes: tuple[str, ...]) -> None:
    text = "Fever within 3 days after the first, the blue moon"
    gold, read = (
        f"c1 time_window <= 3 d after {anchor} | Fever | within 3 days after | anchor: {said}"
        for anchor, said in (("blue_moon", "blue moon"), ("event", words))
    )
    trial = scored(text, gold, read, "new: anchor:blue_moon\n" + EXCLUSION)
    assert [pair.mistakes for pair in trial.bounds] == [mistakes]


def test_a_lost_condition_is_harmful_and_an_added_one_is_not() -> None:
    text = "QTcF > 450 ms for men"
    bare = "c1 vital:qtcf > 450 ms | QTcF | > 450 ms"
    men = f"{bare} | if: for men".replace("ms |", "ms ?male |", 1)
    assert outcome(scored(text, men, bare, EXCLUSION)) == [("c1", "c1", ("lost condition",), True)]
    assert outcome(scored(text, bare, men, EXCLUSION)) == [("c1", "c1", ("added condition",), False)]


def test_another_condition_loses_the_right_one() -> None:
    text = "QTcF > 450 ms for men, women"
    men, women = (
        f"c1 vital:qtcf > 450 ms ?{name} | QTcF | > 450 ms | if: {words}"
        for name, words in (("male", "for men"), ("female", "women"))
    )
    assert outcome(scored(text, men, women, EXCLUSION)) == [("c1", "c1", ("lost condition",), True)]


def test_a_condition_without_an_id_is_known_by_a_word_that_counts() -> None:
    text = "ALT > 5 x ULN in patients with liver metastases"
    gold, near, far = (
        f"c1 lab:alt > 5 [ULN] | ALT | > 5 x ULN | if: {words}"
        for words in ("in patients with liver metastases", "liver metastases", "in patients")
    )
    assert outcome(scored(text, gold, near)) == [("c1", "c1", (), False)]
    assert outcome(scored(text, gold, far)) == [("c1", "c1", ("lost condition",), True)]


def test_a_lost_exception_is_harmful() -> None:
    text = "Bilirubin ≤ 1.5 x ULN (≤ 3 x ULN for Gilbert's disease)"
    first = "c1 lab:bilirubin <= 1.5 [ULN] | Bilirubin | ≤ 1.5 x ULN\n"
    second = "c2 lab:bilirubin <= 3 [ULN] ?gilbert{} -> require | Bilirubin | ≤ 3 x ULN | if: for Gilbert's disease"
    replaced, alone = first + second.format(" !c1"), first + second.format("")
    assert outcome(scored(text, replaced, alone))[1] == ("c2", "c2", ("lost exception", "wrong links"), True)
    assert outcome(scored(text, alone, replaced))[1] == ("c2", "c2", ("added exception", "wrong links"), False)


def test_a_wrong_requirement_is_harmful() -> None:
    gold, read = (f"c1 lab:alt > 3 [ULN]{turned} | ALT | > 3 x ULN" for turned in ("", " -> describe"))
    assert outcome(scored("ALT > 3 x ULN", gold, read)) == [("c1", "c1", ("wrong requirement",), True)]


@pytest.mark.parametrize(
    ("requirement", "harmful"), [("require", True), ("forbid", True), ("permit", False), ("describe", False)]
)
def test_a_spurious_bound_is_harmful_where_it_would_bind(requirement: str, harmful: bool) -> None:
    read = f"c1 other ? 5 -> {requirement} | - | 5"
    assert outcome(scored("Version 5", "n version | 5", read)) == [("-", "c1", ("spurious",), harmful)]


def test_links_are_followed_through_the_matching_not_by_ids() -> None:
    text = "Asthma, or stroke within 6 months"
    gold = (
        "m1 condition | Asthma\nm2 condition | stroke\nc1 time_window <= 6 mo before now @m2 | stroke | within 6 months"
    )
    right = "m1 condition | stroke\nc1 time_window <= 6 mo before now @m1 | stroke | within 6 months"
    wrong = gold.replace("@m2", "@m1,m2")
    assert outcome(scored(text, gold, right)) == [("c1", "c1", (), False)]
    assert outcome(scored(text, gold, wrong)) == [("c1", "c1", ("wrong links",), False)]


@pytest.mark.parametrize(
    ("groups", "right"),
    [(("any2", "any2"), True), (("all1", "all1"), False), (("at_least2_1", "at_least2_1"), False), (("", ""), False)],
)
def test_groups_agree_by_word_and_members_not_by_number(groups: tuple[str, str], right: bool) -> None:
    text = "Hb > 9 g/dL or platelets > 75 10^9/L"
    rows = "c1 lab:hemoglobin > 9 g/dL{} | Hb | > 9 g/dL\nc2 lab:platelets > 75 10*9/L{} | platelets | > 75 10^9/L"
    gold = rows.format(" #any1", " #any1")
    read = rows.format(*(f" #{group}" if group else "" for group in groups))
    assert ["links" in pair.agreed for pair in scored(text, gold, read).bounds] == [right, right]


TEXT = "ALT > 3 x ULN, AST > 5 x ULN, stage IV, version 7"
GOLD = (
    "c1 lab:alt > 3 [ULN] | ALT | > 3 x ULN\nc2 lab:ast > 5 [ULN] | AST | > 5 x ULN\n"
    "c3 scale:stage in IV | stage | IV\nn version | 7"
)
READ = "c1 lab:alt > 3 [ULN] | ALT | > 3 x ULN\nc2 lab:ast >= 5 [ULN] | AST | > 5 x ULN\nc3 other ? 7 -> forbid | - | 7"


def test_figures_are_those_of_a_pocket_calculator() -> None:
    scores = scoring.score([scored(TEXT, GOLD, READ, EXCLUSION)], rounds=10)
    shown = {name: tuple(round(x, 3) for x in scores.total[name][:6]) for name in ("detection", "operator", "strict")}
    assert shown == {
        "detection": (3, 3, 2, 0.667, 0.667, 0.667),
        "operator": (3, 3, 1, 0.333, 0.333, 0.333),
        "strict": (3, 3, 1, 0.333, 0.333, 0.333),
    }
    assert {kind: round(found["detection"].f1, 3) for kind, found in scores.by_kind.items()} == {
        "lab": 1.0,
        "other": 0.0,
        "scale": 0.0,
    }
    assert scores.macro["detection"][:2] == (2, 0.5)  # `other` is no kind of the gold
    assert scores.harmful[:2] == (2, 3)
    assert {name: n for name, n in scores.mistakes.items() if n} == {"missed": 1, "spurious": 1, "wrong operator": 1}
    assert scores.operators == {(">", ">"): 1, (">", ">="): 1}


def test_a_measure_of_what_is_stated_counts_only_rows_that_state_it() -> None:
    text = "QTcF > 450 ms for men; ALT > 3 x ULN"
    alt = "\nc2 lab:alt > 3 [ULN] | ALT | > 3 x ULN"
    gold = "c1 vital:qtcf > 450 ms ?male | QTcF | > 450 ms | if: for men" + alt
    read = "c1 vital:qtcf > 450 ms | QTcF | > 450 ms" + alt
    total = scoring.score([scored(text, gold, read, EXCLUSION)], rounds=10).total
    assert total["condition"][:3] == (2, 2, 1)
    assert total["condition, where one is stated"][:3] == (1, 0, 0)


def test_an_interval_comes_from_drawing_trials_and_is_the_same_every_time() -> None:
    trials = [scored(TEXT, GOLD, GOLD, trial_id="TEST0001"), scored(TEXT, GOLD, READ, trial_id="TEST0002")]
    one, two = (scoring.score(trials, rounds=200, seed=3).total["detection"] for _ in range(2))
    assert one == two
    assert (round(one.f1, 3), round(one.low, 3), one.high) == (0.833, 0.667, 1.0)
    assert one.few


def test_layouts_are_told_apart() -> None:
    one, two = scored(TEXT, GOLD, GOLD), scored(TEXT, GOLD, READ, trial_id="TEST0002")._replace(layout="pdq")
    by_layout = scoring.score([one, two], rounds=10).by_layout
    assert {name: round(found["detection"].f1, 3) for name, found in by_layout.items()} == {"api_v2": 1.0, "pdq": 0.667}


def test_fields_that_the_gold_does_not_state_are_not_scored() -> None:
    fields: tuple[scoring.Field, ...] = ("operator", "value")
    trial = scored(TEXT, GOLD, READ, EXCLUSION, by=view()._replace(fields=fields))
    total = scoring.score([trial], fields, rounds=10).total
    assert list(total) == ["detection", "operator", "value"]
    assert outcome(trial)[1] == ("c2", "c2", ("wrong operator",), True)


SAID = "No hepatitis B, no prior stroke; stable asthma is allowed"
MENTIONS = (
    "m1 condition negated | hepatitis B\nm2 condition negated historical | stroke | cue: no prior\n"
    "m3 condition -> permit | stable asthma"
)


def test_mentions_are_found_by_overlap_and_their_flags_are_scored_on_all_and_on_matched_ones() -> None:
    read = "m1 condition | hepatitis\nm2 condition -> permit | asthma"
    scores = scoring.score([scored(SAID, MENTIONS, read)], rounds=10)
    assert {name: found[:3] for name, found in scores.mentions.items()} == {
        "detection": (3, 2, 2),
        "negation": (2, 0, 0),
        "exception": (0, 0, 0),
        "permission": (1, 1, 1),
    }
    assert {name: found[:3] for name, found in scores.flags.items()} == {
        "negation": (1, 0, 0),
        "exception": (0, 0, 0),
        "permission": (1, 1, 1),
    }
    agreeing = {name: found[:2] for name, found in scores.slots.items()}
    assert agreeing == dict.fromkeys(agreeing, (2, 2)) | {"negated": (1, 2), "requirement": (1, 2)}


def test_a_run_compared_with_itself_does_not_change() -> None:
    trials = [scored(TEXT, GOLD, READ)]
    found = scoring.compare(trials, trials, rounds=50)
    assert set(found.values()) == {
        change._replace(change=0.0, low=0.0, high=0.0, chance=1.0) for change in found.values()
    }


def test_a_better_run_is_better_in_every_draw() -> None:
    names = ("TEST0001", "TEST0002", "TEST0003")
    before = [scored(TEXT, GOLD, READ, trial_id=name) for name in names]
    after = [scored(TEXT, GOLD, GOLD, trial_id=name) for name in names]
    change = scoring.compare(before, after, rounds=50)["detection"]
    assert tuple(round(x, 3) for x in change) == (0.667, 1.0, 0.333, 0.333, 0.333, 0.0)


def test_runs_on_different_trials_are_not_compared() -> None:
    one, two = scored(TEXT, GOLD, READ), scored(TEXT, GOLD, READ, trial_id="TEST0002")
    with pytest.raises(ValueError, match="same trials in the same order"):
        scoring.compare([one], [two])


def test_the_error_list_shows_both_readings_and_a_range_once() -> None:
    text = "Adults: MMSE 20 to 26, ALT > 3 x ULN"
    gold = "c1 scale:mmse >= 20 <= 26 | MMSE | 20 to 26\nc2 lab:alt > 3 [ULN] | ALT | > 3 x ULN"
    read = "n unread | 20 | 26\nc1 lab:alt < 3 [ULN] | ALT | > 3 x ULN"
    found = [
        (item.mistakes, item.harmful, item.gold, item.read, item.text)
        for item in disagreements(scored(text, gold, read), text)
    ]
    assert found == [
        (
            ("missed",),
            False,
            "mmse between 20-26 {score} -> require",
            None,
            "Adults: MMSE ⟦20 to 26⟧, ALT > 3 x ULN",
        ),
        (
            ("wrong operator",),
            True,
            "alt > 3 {ULN} -> require",
            "alt < 3 {ULN} -> require",
            "Adults: MMSE 20 to 26, ALT ⟦> 3 x ULN⟧",
        ),
    ]


def test_sealed_gold_shows_totals_without_kinds_layouts_or_mistakes() -> None:
    scores = scoring.score([scored(TEXT, GOLD, READ)], rounds=10)
    shown = markdown(totals(scores))
    assert "| detection | 3 | 3 | .667 | .667 | .667\\* | .667-.667 | .500 |" in shown
    assert not {"lab", "scale", "api_v2", "missed", "spurious"} & set(shown.split())


def test_details_mark_figures_that_stand_on_little() -> None:
    shown = {table.title: table for table in details(scoring.score([scored(TEXT, GOLD, READ)], rounds=10))}
    assert shown["F1 by kind"].rows[0][:3] == ("lab", "2", "1.000*")
    assert shown["Requirements of matched bounds"].rows == (("require", "2"),)


def test_scores_and_changes_are_plain_data() -> None:
    trials = [scored(TEXT, GOLD, READ)]
    data = json.loads(json.dumps(as_data(scoring.score(trials, rounds=10))))
    assert data["total"]["detection"]["right"] == 2
    assert data["requirements"] == {"require -> require": 2}
    assert changes(scoring.compare(trials, trials, rounds=10)).rows[0][1:4] == (".667", ".667", "+0.000")


def test_the_error_list_of_mentions_says_what_differs_and_leaves_out_what_agrees() -> None:
    text = "No hepatitis B, no prior stroke, asthma, gout"
    gold = (
        "m1 condition negated | hepatitis B\nm2 condition negated historical | stroke | cue: no prior\n"
        "m3 condition | asthma"
    )
    read = "m1 condition | hepatitis\nm3 condition | asthma\nm4 condition !m1 -> permit | gout"
    found = [
        (item.mistakes, item.gold, item.read, item.text)
        for item in mention_disagreements(scored(text, gold, read), text)
    ]
    assert found == [
        (
            ("wrong requirement", "wrong negated"),
            "condition: hepatitis B, negated -> forbid",
            "condition: hepatitis -> require",
            "No ⟦hepatitis B⟧, no prior stroke, asthma, gout",
        ),
        (
            ("missed",),
            "condition: stroke, negated, historical -> forbid",
            None,
            "No hepatitis B, no prior ⟦stroke⟧, asthma, gout",
        ),
        (
            ("spurious",),
            None,
            "condition: gout !I1m1 -> permit",
            "No hepatitis B, no prior stroke, asthma, ⟦gout⟧",
        ),
    ]
