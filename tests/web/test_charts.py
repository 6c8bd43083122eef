"""Charts: well-formed, escaped, without inline style, and never by colour alone."""

from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from zhengtong.web.frame import charts
from zhengtong.web.frame.charts import Cell

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '<script>alert("市")</script>&'

CHARTS = {
    "bars": charts.bars([("商务局", 12), (EVIL, 0), ("自然资源和规划局行政审批服务科室及其下属机构窗口", 3_400)], title=EVIL, unit="件"),
    "stacked": charts.stacked([("商务局", [3, 2, 0]), (EVIL, [0, 0, 0])], ["受理", EVIL, "办结"], title=EVIL, desc=EVIL),
    "share": charts.stacked([("商务局", [3, 1])], ["早", "晚"], title="占比", share=True),
    "lines": charts.lines([("在办", [1, None, 3, 0.5]), (EVIL, [0, 0, 0, 0])], ["一", "二", EVIL, "四"], title=EVIL),
    "heat": charts.heat(["商务局", EVIL], ["1", EVIL], {(0, 1): Cell("■2", "late"), (1, 0): Cell(EVIL, "soon")}, title=EVIL),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_well_formed_and_says_what_it_is(name):
    drawn = CHARTS[name]
    assert isinstance(drawn, SafeString)
    tree = ElementTree.fromstring(drawn)
    assert tree.tag == f"{SVG}svg"
    assert tree.get("role") == "img"
    assert tree[0].tag == f"{SVG}title"
    assert tree[0].text


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_holds_no_script_and_no_style(name):
    assert "<script" not in CHARTS[name]
    assert "style=" not in CHARTS[name]


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_drawn_outside_the_picture(name):
    tree = ElementTree.fromstring(CHARTS[name])
    width, height = float(tree.get("width")), float(tree.get("height"))
    for part in tree.iter(f"{SVG}rect"):
        if part.get("x") is None:
            continue
        assert float(part.get("x")) + float(part.get("width")) <= width + 0.2
        assert float(part.get("y")) + float(part.get("height")) <= height
        assert float(part.get("width")) >= 0


def test_bars_are_as_long_as_their_values():
    tree = ElementTree.fromstring(charts.bars([("a", 50), ("b", 25), ("c", 0)], title="t", most=100))
    long = [float(part.get("width")) for part in tree.iter(f"{SVG}rect")]
    assert long[0] == pytest.approx(2 * long[1], abs=0.2)
    assert long[2] == 0


def test_a_gap_breaks_a_line_and_lines_differ_without_colour():
    tree = ElementTree.fromstring(CHARTS["lines"])
    paths = [part for part in tree.iter(f"{SVG}path") if part.get("d").count("M") + part.get("d").count("L") > 2]
    assert [path.get("d").count("M") for path in paths] == [2, 1]
    assert len({path.get("stroke-dasharray") for path in paths}) == 2


@pytest.mark.parametrize("empty", [charts.bars([], title="t"), charts.stacked([], [], title="t"), charts.lines([], [], title="t"), charts.lines([("a", [None])], ["1"], title="t"), charts.heat([], [], {}, title="t")])  # fmt: skip
def test_without_figures_there_is_no_picture(empty):
    assert empty == ""


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 3), (7, 8), (99, 100), (101, 150), (12_345, 15_000)])
def test_an_axis_ends_in_a_round_number(most, top):
    assert charts._scale(most)[1] == top
