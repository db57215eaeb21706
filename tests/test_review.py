"""The review page: what is in it, and how it behaves in a browser."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trialcriteria import annotations, cli, evaluation, lexicon, review, scoring, tables, workers
from trialcriteria.annotations import GoldTrial
from trialcriteria.batch import CallError, Job, Output, run
from trialcriteria.records import Constraint, Trial, TrialTables
from trialcriteria.review.judging import Judge, Judged, runs
from trialcriteria.review.packing import REQUIREMENTS

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "annotations" / "gold" / "dev.jsonl"
HOSTILE = "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'><!-- &lt;"


def save(folder: Path, trials: list[Trial], settings: workers.Settings = workers.Settings()) -> Path:  # noqa: B008
    """A run's folder of tables, with what is read from `trials`."""
    folder.mkdir(exist_ok=True)
    out = tables.Folder(folder)
    for result in workers.results(trials, settings):
        assert isinstance(result, TrialTables)
        out.add(result)
    out.publish()
    return folder


def packed(page: Path) -> dict[str, Any]:
    """The data that a page holds."""
    html = page.read_text(encoding="utf-8")
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert block
    data: dict[str, Any] = json.loads(block[1])
    return data


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the sample registry."""
    folder = tmp_path_factory.mktemp("review") / "samples"
    run(Job((str(ROOT / "samples" / "registry.json"),)), Output(folder))
    return folder


@pytest.fixture(scope="module")
def gold() -> list[GoldTrial]:
    """A few annotated trials."""
    return annotations.read(GOLD)[:6]


@pytest.fixture(scope="module")
def judged(gold: list[GoldTrial], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run over annotated trials, beside their gold."""
    folder = tmp_path_factory.mktemp("judged")
    annotations.write(gold, folder / "gold.jsonl")
    save(folder / "run", [trial.record() for trial in gold])
    review.write(folder / "run", folder / "page.html", folder / "gold.jsonl")
    return folder / "page.html"


# ---- what is in it


def test_every_row_of_a_run_is_on_the_page(samples: Path, tmp_path: Path) -> None:
    counts = review.write(samples, tmp_path / "page.html")
    data = packed(tmp_path / "page.html")
    shown = [
        (trial[0], item[5][0] or item[5][1], item[5][4], item[5][5]) for trial in data["trials"] for item in trial[7]
    ]
    rows = []
    for table, name in (("constraints", "constraint_id"), ("mentions", "mention_id"), ("numerals", "text")):
        for row in tables.read(samples / f"{table}.parquet"):
            rows.append((row.trial_id, getattr(row, name), row.start, row.end))
    assert sorted(shown) == sorted(rows)
    assert (counts.trials, counts.rows, counts.left_out) == (12, len(rows), 0)


@pytest.mark.parametrize("format", tables.FORMATS)
def test_a_run_is_read_back_trial_by_trial_from_any_format(
    samples: Path, tmp_path: Path, format: tables.Format
) -> None:
    out = tables.Folder(tmp_path, format)
    whole = list(runs(samples))
    for trial in whole:
        out.add(trial)
    out.publish()
    assert list(runs(tmp_path)) == whole
    assert len(whole) == 12


def test_a_row_without_its_trial_is_refused(samples: Path, tmp_path: Path) -> None:
    first, *rest = runs(samples)
    out = tables.Folder(tmp_path)
    for trial in (first, rest[1]._replace(trial=rest[0].trial)):
        out.add(trial)
    out.publish()
    with pytest.raises(CallError, match=f"the criteria of {rest[1].trial.trial_id} do not follow the table of trials"):
        list(runs(tmp_path))


def test_every_gold_row_and_every_read_row_is_judged(gold: list[GoldTrial]) -> None:
    judge = Judge(evaluation.Gold(gold))
    for trial, read in zip(gold, evaluation.read_here(gold), strict=True):
        rows = list(judge.rows(trial, read))
        assert {_id(row.gold) for row in rows if row.gold} == {
            _id(row) for row in (*trial.constraints, *trial.mentions)
        }
        assert {_id(row.read) for row in rows if row.read} == {_id(row) for row in (*read.constraints, *read.mentions)}
        pairs = [(row.gold and _id(row.gold), row.read and _id(row.read)) for row in rows]
        assert len(pairs) == len(set(pairs))


def _id(row: Any) -> str:
    return str(row.constraint_id if isinstance(row, Constraint) else row.mention_id)


def test_the_two_bounds_of_a_range_are_one_row_with_the_mistakes_of_both(gold: list[GoldTrial]) -> None:
    age = next(row for row in gold[1].constraints if row.operator == "between")
    wrong = age._replace(low=(age.low or 0) + 1, operator=">=", high=None, high_inclusive=None)
    trial = gold[1]._replace(constraints=(age,), mentions=(), numerals=())
    read = evaluation.read_here([trial])[0]._replace(constraints=[wrong], mentions=[])
    assert list(Judge(evaluation.Gold([trial])).rows(trial, read)) == [
        Judged(_canonical(age), wrong, ("wrong value", "missed"), harmful=True)
    ]


def _canonical(row: Constraint) -> Constraint:
    return scoring.bounds.with_canonical(row, lexicon.load())


def test_the_test_half_is_shown_without_its_errors(tmp_path: Path) -> None:
    text = "Inclusion Criteria:\n* Age 18 years or older"
    trials = [
        GoldTrial(name, "api_v2", "any", text, annotations.sha256(text), "T", 1, annotations.split_of(name))
        for name in ("TEST0001", "TEST0006")
    ]
    annotations.write(trials, tmp_path / "gold.jsonl")
    save(tmp_path / "run", [trial.record() for trial in trials])
    counts = review.write(tmp_path / "run", tmp_path / "page.html", tmp_path / "gold.jsonl")
    assert (counts.annotated, counts.sealed) == (1, 1)
    shown = {trial[0]: (trial[5], [item[3] for item in trial[7]]) for trial in packed(tmp_path / "page.html")["trials"]}
    spurious = packed(tmp_path / "page.html")["names"]["error"].index("spurious")
    assert shown == {"TEST0001": (True, [[spurious]]), "TEST0006": (False, [[]])}


def test_gold_of_another_text_is_refused(gold: list[GoldTrial], tmp_path: Path) -> None:
    annotations.write(gold[:1], tmp_path / "gold.jsonl")
    save(tmp_path / "run", [gold[0].record()._replace(eligibility_text=gold[0].text + " ")])
    with pytest.raises(CallError, match=f"{gold[0].trial_id}: the gold is of another text than the run"):
        review.write(tmp_path / "run", tmp_path / "page.html", tmp_path / "gold.jsonl")


def test_what_is_left_out_is_said(
    samples: Path, gold: list[GoldTrial], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit) as end:
        cli.main(["review", str(samples), "-o", str(page), "--limit", "10"])
    assert (end.value.code, capsys.readouterr().err) == (0, "2 more trials are left out; --limit shows more\n")
    assert "2 more trials left out" in page.read_text(encoding="utf-8")
    annotations.write(gold, tmp_path / "gold.jsonl")
    save(tmp_path / "run", [trial.record() for trial in gold[1:]])
    counts = review.write(tmp_path / "run", page, tmp_path / "gold.jsonl")
    assert counts.not_in_run == (gold[0].trial_id,)
    assert "1 annotated trials are not in this run" in page.read_text(encoding="utf-8")


def test_a_folder_without_tables_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["review", str(tmp_path), "-o", str(tmp_path / "page.html")])
    assert end.value.code == 2
    assert "holds no table of criteria; name the folder that `trialcriteria extract` wrote" in capsys.readouterr().err


CONTRARY = "Inclusion Criteria:\n* Platelets ≥ 100 x 10^9/L\n* Written consent\n* Platelets ≥ 75 x 10^9/L\n"


def contrary(folder: Path) -> Path:
    """The page of a trial that is not of one mind on age and platelets, and of one that is."""
    trial = Trial("T1", "text", "text", f"{CONTRARY}* Age 18 years or older\n", minimum_age=50.0)
    other = Trial("T2", "text", "text", "Inclusion Criteria:\n* Age 18 years or older\n", minimum_age=18.0)
    review.write(save(folder / "run", [trial, other]), folder / "page.html")
    return folder / "page.html"


def test_what_a_trial_says_against_itself_is_on_its_page(tmp_path: Path) -> None:
    one, other = packed(contrary(tmp_path))["trials"]
    assert one[8] == [
        ["minimum age 50 in the registry, >= 18 a in the text", ["I4c1"]],
        ["platelets: required >= 100 10*9/L and >= 75 10*9/L", ["I1c1", "I3c1"]],
    ]
    assert other[8] == []


# ---- in a browser

browsing = pytest.mark.needs("chromium", "playwright")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Open a page; the test fails on an error in it, and on any request but for itself."""
    contexts, faults = [], []

    def open_page(path: Path, address: str = "", width: int = 1280, scheme: str = "light") -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: faults.append(request.url) if request.url.split("#")[0] != own else None)
        own = path.as_uri()
        page.goto(own + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="module")
def plain(samples: Path) -> Path:
    """The page of the sample run."""
    review.write(samples, samples.parent / "page.html")
    return samples.parent / "page.html"


def shown_trial(page: Any) -> str:
    return str(page.inner_text("main h1 small"))


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@browsing
def test_j_and_k_walk_through_the_trials(plain: Path, open_page: Open) -> None:
    page = open_page(plain)
    assert shown_trial(page) == "TEST0001"
    press(page, "j", "j", "k")
    assert shown_trial(page) == "TEST0002"
    assert page.inner_text("#place") == "2 of 12"
    assert page.get_attribute(".entry[aria-selected=true]", "id") == "entry-1"
    press(page, "k", "k", "k")
    assert shown_trial(page) == "TEST0001"


@browsing
def test_n_and_p_walk_through_the_errors_of_all_trials(judged: Path, open_page: Open) -> None:
    page = open_page(judged)
    expected = page.evaluate(
        "trials.flatMap((t) => t.items.filter((i) => i.error.length && !i.error.includes('right'))"
        ".map((i) => `${t.id} ${i.order}`))"
    )
    assert len(expected) > 10
    place = "() => `${current.id} ${document.querySelector('main .card.chosen').dataset.order}`"
    walked = []
    for _ in expected:
        press(page, "n")
        walked.append(page.evaluate(place))
    assert walked == expected
    press(page, "n")
    assert page.evaluate(place) == expected[-1]
    press(page, "p", "p")
    assert page.evaluate(place) == expected[-3]


@browsing
def test_the_words_of_each_row_are_highlighted_exactly(plain: Path, samples: Path, open_page: Open) -> None:
    page = open_page(plain, "#TEST0001")
    collapsed = (
        "() => current.items.map((item) => [item.read.id || item.read.reading,"
        " [...document.querySelectorAll('main .words')].filter((w) => w.items?.some((i) => i === item)"
        " && w.closest('.block, .heading')).map((w) => w.textContent).join('')])"
    )
    found = dict(page.evaluate(collapsed))
    trial = next(trial for trial in tables.read(samples / "trials.parquet") if trial.trial_id == "TEST0001")
    rows = [row for row in tables.read(samples / "constraints.parquet") if row.trial_id == "TEST0001"]
    for row in rows:
        covered = set(range(row.start, row.end)) | set(range(row.attribute_start or 0, row.attribute_end or 0))
        expected = "".join(trial.eligibility_text[n] for n in sorted(covered))
        assert found[row.constraint_id] == expected, row.constraint_id
    assert len(rows) > 30


@browsing
def test_a_click_on_nested_words_goes_through_their_rows(judged: Path, open_page: Open) -> None:
    page = open_page(judged)
    nested = "[...document.querySelectorAll('main .words')].find((w) => w.items?.length > 1)"
    while not page.evaluate(f"Boolean({nested})"):
        press(page, "j")
    count = page.evaluate(f"{nested}.items.length")
    orders = [
        page.evaluate(f"{nested}.click(), Number(document.querySelector('main .card.chosen').dataset.order)")
        for _ in range(count + 1)
    ]
    assert len(set(orders)) == count
    assert orders[0] == orders[-1]


@browsing
def test_filters_leave_the_trials_that_have_such_rows(plain: Path, open_page: Open) -> None:
    page = open_page(plain)
    count = page.evaluate("allItems.filter((i) => i.kind === 'lesion' && i.requirement === 'forbid').length")
    holding = page.evaluate(
        "trials.filter((t) => t.items.some((i) => i.kind === 'lesion' && i.requirement === 'forbid')).map((t) => t.id)"
    )
    assert 0 < len(holding) < 12
    page.click("label:has-text('lesion')")
    page.click("label:has-text('forbid')")
    plural = "" if len(holding) == 1 else "s"
    assert page.inner_text("#tally") == f"{len(holding)} trial{plural} · {count} row{'' if count == 1 else 's'}"
    assert shown_trial(page) == holding[0]
    press(page, "n")
    assert page.evaluate("[selected.kind, selected.requirement]") == ["lesion", "forbid"]
    press(page, "h")
    assert page.locator("main .card:visible").count() == page.evaluate("current.items.filter(passes).length")
    press(page, "x")
    assert page.inner_text("#tally") == "12 trials · {:,} rows".format(page.evaluate("allItems.length"))


@browsing
@pytest.mark.parametrize("facet", ["error", "rule"])
def test_every_facet_of_the_gold_filters(judged: Path, open_page: Open, facet: str) -> None:
    page = open_page(judged)
    page.evaluate("document.querySelectorAll('#filters details').forEach((d) => { d.open = true; })")
    for chip in page.locator(f"#filters details[data-key={facet}] label").all():
        chip.click()
        value, n = page.evaluate(f"[[...chosen.{facet}][0], allItems.filter(passes).length]")
        assert chip.inner_text().split() == [*value.split(), f"{n:,}"]
        assert page.evaluate(f"allItems.filter(passes).every((i) => [i.{facet}].flat().includes('{value}'))")
        press(page, "x")


@browsing
def test_confidence_filters(plain: Path, open_page: Open) -> None:
    page = open_page(plain)
    page.click("summary:has-text('Confidence')")
    page.fill("#confidence-high", "0.8")
    assert page.evaluate("Math.max(...allItems.filter(passes).map((i) => i.confidence))") <= 0.8
    expected = page.evaluate("allItems.filter((i) => i.confidence !== null && i.confidence <= 0.8).length")
    assert page.inner_text("#tally").endswith(f"· {expected} rows")


@browsing
def test_search_finds_text_and_marks_it(plain: Path, open_page: Open) -> None:
    page = open_page(plain)
    press(page, "/")
    page.keyboard.type("Gilbert's syn")
    page.wait_for_selector("#clear:visible")
    assert page.evaluate('listed.every((t) => t.text.includes("Gilbert\'s syn"))')
    marked = page.evaluate("[...CSS.highlights.get('search')].map((range) => range.toString())")
    assert set(marked) == {"Gilbert's syn"}
    press(page, "Escape", "?")
    assert page.is_visible("#help")
    press(page, "?")
    assert not page.is_visible("#help")
    press(page, "x")
    assert page.evaluate("[listed.length, CSS.highlights.get('search').size]") == [12, 0]


@browsing
def test_text_that_looks_like_markup_stays_text(tmp_path: Path, open_page: Open) -> None:
    text = f"Inclusion Criteria:\n* Age \\>= 18 years {HOSTILE}\n* {HOSTILE} platelets {HOSTILE}\n"
    trial = Trial(f"T1{HOSTILE}", HOSTILE, HOSTILE, text, title=HOSTILE, conditions=(HOSTILE,), phase=HOSTILE)
    folder = save(tmp_path / "<b>run", [trial])
    review.write(folder, tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    assert page.evaluate("window.harmed") is None
    assert page.locator("main img, main script, header b").count() == 0
    assert HOSTILE in page.inner_text("main h1")
    assert page.inner_text("main").count(HOSTILE) == 8  # id, title, three facts, three in the text
    assert page.title() == "Review of <b>run"


@browsing
def test_no_script_but_the_pages_own_can_run(plain: Path, open_page: Open, tmp_path: Path) -> None:
    harmed = tmp_path / "page.html"
    harmed.write_text(
        plain.read_text(encoding="utf-8").replace("<header>", "<script>window.harmed = 1</script><header>"), "utf-8"
    )
    page = open_page(plain)
    policy = page.get_attribute("meta[http-equiv]", "content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    context = page.context.browser.new_context()
    other = context.new_page()
    other.goto(harmed.as_uri())
    assert (other.evaluate("window.harmed"), shown_trial(other)) == (None, "TEST0001")
    context.close()


@browsing
def test_offsets_hold_beyond_the_basic_plane_and_across_crlf(tmp_path: Path, open_page: Open) -> None:
    text = "Inclusion Criteria:\r\n\r\n* 🧪🧬 Platelets ≥ 100 x 10^9/L 🩸\r\n* 𝐀ge: age 18 years or older\r\n"
    review.write(save(tmp_path / "run", [Trial("T1", "text", "text", text)]), tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    assert page.locator("main .words.limit").all_inner_texts()[-2:] == ["≥ 100 x 10^9/L", "18 years or older"]
    assert page.locator("main .said").all_inner_texts() == [
        "* 🧪🧬 Platelets ≥ 100 x 10^9/L 🩸",
        "* 𝐀ge: age 18 years or older",
    ]


@browsing
def test_a_contradiction_leads_to_its_rows(tmp_path: Path, open_page: Open) -> None:
    page = open_page(contrary(tmp_path))
    assert page.locator("main .contradictions li").count() == 2
    page.click("main .contradictions button:has-text('I3c1')")
    assert page.evaluate("location.hash") == "#T1/I3c1"
    assert page.locator("main .card.chosen .reading").inner_text() == "platelets >= 75 10*9/L"
    press(page, "j")
    assert (shown_trial(page), page.locator("main .contradictions").count()) == ("T2", 0)


@browsing
def test_a_trial_without_its_text_says_so_and_shows_its_criteria(tmp_path: Path, open_page: Open) -> None:
    trial = Trial("T1", "text", "text", "Exclusion Criteria:\n* Platelets < 75,000/µL\n* Age > 70 years\n")
    folder = save(tmp_path / "run", [trial], workers.Settings(keep_text=False))
    review.write(folder, tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    assert page.inner_text("main .note").startswith("The eligibility text is not in these tables (--no-text")
    assert page.locator("main .said").all_inner_texts() == ["Platelets < 75,000/µL", "Age > 70 years"]
    assert page.locator("main .heading").all_inner_texts() == ["Exclusion Criteria"]
    assert page.locator("main .block .card").count() == 2


@browsing
def test_the_address_names_the_row(plain: Path, open_page: Open) -> None:
    page = open_page(plain, "#TEST0003/I2c1")
    assert shown_trial(page) == "TEST0003"
    assert "I2c1" in page.inner_text("main .card.chosen")
    press(page, "j")
    assert page.url.endswith("#TEST0004")


@browsing
@pytest.mark.parametrize("width", [1280, 480])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_fits_and_is_legible_in_both_widths_and_schemes(
    judged: Path, open_page: Open, width: int, scheme: str
) -> None:
    page = open_page(judged, width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('main').scrollWidth") <= width
    press(page, "n", "n", "n")
    for button in page.locator("header button:visible").all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    low = [(what, round(ratio, 1)) for what, ratio in page.evaluate(CONTRASTS) if ratio < 4.5]
    assert low == []


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color, under) => {
    canvas.fillStyle = under; canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (e) => {
    if (!e) return "#fff";
    const own = getComputedStyle(e).backgroundColor;
    return `rgb(${rgba(own, ground(e.parentElement)).join(",")})`;
  };
  const worst = new Map();
  for (const e of document.querySelectorAll("main *, header *, #side *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(e).color, "#000")), light(rgba(ground(e), "#fff"))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const name = `${e.tagName} ${e.className}`;
    worst.set(name, Math.min(ratio, worst.get(name) ?? 99));
  }
  return [...worst];
}"""


@browsing
def test_on_a_narrow_screen_the_list_is_a_drawer(plain: Path, open_page: Open) -> None:
    page = open_page(plain, width=480)
    assert not page.is_visible("#side")
    page.click("#drawer")
    page.click(".entry >> nth=2")
    assert shown_trial(page) == "TEST0003"
    assert not page.is_visible("#side")
    press(page, "/")
    assert page.evaluate("document.activeElement.id") == "search"


@browsing
def test_two_thousand_trials_are_listed_but_not_drawn(samples: Path, tmp_path: Path, open_page: Open) -> None:
    trials = list(runs(samples))
    out = tables.Folder(tmp_path)
    for n in range(2_000):
        trial = trials[n % len(trials)]
        out.add(_renamed(trial, f"TEST{n:05}"))
    out.publish()
    assert review.write(tmp_path, tmp_path / "page.html").trials == 2_000
    page = open_page(tmp_path / "page.html")
    assert page.inner_text("#place") == "1 of 2,000"
    assert page.locator(".entry").count() < 40
    page.evaluate("document.getElementById('list').scrollTop = 1e9")
    page.wait_for_selector(".entry:has-text('TEST01999')")
    assert page.locator(".entry").count() < 40
    page.fill("#search", "test01234")
    page.wait_for_selector("#tally:has-text('1 trial ·')")
    assert shown_trial(page) == "TEST01234"


def _renamed(read: TrialTables, name: str) -> TrialTables:
    return TrialTables(
        read.trial._replace(trial_id=name), *([row._replace(trial_id=name) for row in rows] for rows in read[1:])
    )


@browsing
def test_printing_prints_the_trial_alone(plain: Path, open_page: Open) -> None:
    page = open_page(plain)
    page.emulate_media(media="print")
    assert [page.is_visible(part) for part in ("header", "#side", "main h1", "main .card")] == [
        False,
        False,
        True,
        True,
    ]


def test_requirements_have_a_sign_each() -> None:
    script = (ROOT / "pipeline" / "trialcriteria" / "review" / "page.js").read_text(encoding="utf-8")
    signs = re.search(r"const SIGNS = \{(.*?)\}", script)
    assert signs
    assert tuple(re.findall(r"(\w+):", signs[1])) == REQUIREMENTS
