from xml.etree import ElementTree as ET

import pytest

from nanori.charts import (
    Bar,
    Frame,
    Mark,
    Share,
    Step,
    bars,
    bullet,
    clip,
    coverage,
    distribution,
    heat_map,
    split,
    text_width,
)

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Frame(title="着信 <1> & more")
KEY = ("呼量", "必要", "出勤", "不足")


def words(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(SVG + "text")]


EVERY = {
    "bars": lambda: bars([Bar("1", 3, 2), Bar("2", 0)], FRAME, key=("応答", "未応答")),
    "bars of nothing": lambda: bars([], FRAME),
    "distribution": lambda: distribution([Bar("0–5", 4), Bar("5–", 0, 2)], FRAME, mark=Mark(1, "目標 5秒")),
    "heat map": lambda: heat_map(["月"], ["9"], {(0, 0): 7}, FRAME),
    "bullet": lambda: bullet(812, 800, FRAME),
    "coverage": lambda: coverage([Step(label="9:00", calls=4.5, needed=3, there=1.5)], FRAME, key=KEY),
    "coverage of nothing": lambda: coverage([], FRAME, key=KEY),
    "split": lambda: split([Share("当方 60.0%", 6), Share("貴社 40.0%", 4), Share("0.0%", 0)], FRAME),
    "split of nothing": lambda: split([Share("–", 0)], FRAME),
    "empty bullet": lambda: bullet(None, None, FRAME),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_is_sound_titled_without_inline_style_and_always_the_same(name: str) -> None:
    svg = EVERY[name]()
    root = ET.fromstring(svg)
    assert root.findtext(SVG + "title") == "着信 <1> & more"
    assert all("style" not in node.attrib and node.tag != SVG + "script" for node in root.iter())
    assert svg == EVERY[name]()


def test_the_highest_column_wears_its_number_and_the_parts_are_named() -> None:
    labels = words(bars([Bar("1", 1200, 34), Bar("2", 5)], FRAME, key=("応答", "未応答")))
    assert "1,234" in labels
    assert {"応答", "未応答", "1", "2"} <= set(labels)


def test_what_was_not_reached_is_outlined_and_not_coloured() -> None:
    root = ET.fromstring(bars([Bar("1", 3, 2)], FRAME))
    full, hollow = list(root.iter(SVG + "rect"))
    assert (full.get("fill"), full.get("stroke")) == (FRAME.ink.full, None)
    assert (hollow.get("fill"), hollow.get("stroke")) == (FRAME.ink.paper, FRAME.ink.full)


def test_a_heat_map_leaves_empty_hours_without_a_number() -> None:
    assert words(heat_map(["月", "火"], ["9", "10"], {(0, 1): 4}, FRAME)) == ["9", "10", "月", "4", "火"]


def test_columns_never_leave_the_frame() -> None:
    for height in (1, 7, 9, 10, 99, 101, 12_345):
        root = ET.fromstring(bars([Bar("1", height)], FRAME))
        assert all(float(node.get("y", "0")) >= 0 for node in root.iter(SVG + "rect"))


def test_a_long_name_is_cut_where_it_stops_fitting() -> None:
    assert clip("ミナト珈琲", 200) == "ミナト珈琲"
    cut = clip("ミナト珈琲" * 9, 100)
    assert cut.endswith("…")
    assert text_width(cut) <= 100


def test_a_whole_is_split_into_parts_of_three_tones_and_an_empty_part_is_only_named() -> None:
    svg = split([Share("a", 600), Share("b", 300), Share("c", 0)], FRAME)
    drawn = list(ET.fromstring(svg).iter(SVG + "rect"))
    bar = [one for one in drawn if one.get("y") == "0"]
    samples = [one for one in drawn if one not in bar]
    assert [round(float(one.get("width", "0")) / FRAME.width, 2) for one in bar] == [0.67, 0.33]
    assert len({one.get("fill") for one in samples}) == 3
    assert words(svg) == ["a", "b", "c"]
