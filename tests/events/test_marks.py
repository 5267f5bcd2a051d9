"""Is an edition's mark its own, always the same, and light?"""

from xml.etree import ElementTree

import pytest

from events.marks import ground_of, mark_svg, printed_mark, shapes_of
from events.models import Strand

ALL = ["wave", "frame", "pixel"]
SEEDS = [f"edition-{number}" for number in range(60)]


def strand(shape: str) -> Strand:
    return Strand(shape=shape)


@pytest.mark.parametrize(
    ("shapes", "found", "ground"),
    [
        ([], ["none"], "plain"),
        (["none"], ["none"], "plain"),
        (["pixel"], ["pixel"], "games"),
        (["wave", "none"], ["wave"], "music"),
        (["frame", "frame"], ["frame"], "film"),
        (["pixel", "wave"], ["wave", "pixel"], "meet"),
        (["pixel", "frame", "wave"], ALL, "meet"),
    ],
)
def test_strands_give_shapes_and_a_ground(shapes, found, ground):
    strands = [strand(shape) for shape in shapes]

    assert shapes_of(strands) == found
    assert ground_of(strands) == ground


def test_the_same_seed_gives_the_same_mark_and_others_differ():
    assert mark_svg(shapes=ALL, seed="one") == mark_svg(shapes=ALL, seed="one")
    assert len({mark_svg(shapes=ALL, seed=seed) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("shapes", [["none"], ["wave"], ["frame"], ["pixel"], ALL])
def test_every_mark_is_small_and_well_formed(shapes):
    drawn = [mark_svg(shapes=shapes, seed=seed) for seed in SEEDS]

    assert max(map(len, drawn)) < 1_000
    for one in drawn:
        classes = {part.get("class") for part in ElementTree.fromstring(one)}
        assert len(classes) == len(shapes)


def test_on_paper_each_shape_carries_its_colour():
    drawn = printed_mark(shapes=ALL, seed="one")

    assert "class=" not in drawn
    assert "<title>" in drawn
    assert all(colour in drawn for colour in ("#2f45ff", "#ff2f87", "#00b9c7"))
