"""Whose names count on a day."""

from datetime import date

from ioc.catalog.model import Agency, Area, Catalog
from nlp.names import Names, agencies_on, province_of

OLD = Agency(id="old", name="Sở Cũ", short="SC", valid_to=date(2020, 12, 31), successors=["middle"])
MIDDLE = Agency(
    id="middle",
    name="Sở Giữa",
    short="SG",
    valid_from=date(2021, 1, 1),
    valid_to=date(2022, 12, 31),
    successors=["new"],
)
NEW = Agency(id="new", name="Sở Mới", short="SM", valid_from=date(2023, 1, 1))
LOST = Agency(id="lost", name="Sở Mất", short="SMt", valid_to=date(2020, 12, 31), successors=["lost"])


def catalog(*agencies: Agency, province: str = "Tỉnh Nghệ An") -> Catalog:
    return Catalog(list(agencies), [Area(code="40", name=province, level="province", lat=19, lon=105)], [], [])


def ids(day: date) -> dict[str, str]:
    return {a.name: a.id for a in agencies_on(catalog(OLD, MIDDLE, NEW, LOST), day)}


def test_names_lead_to_the_first_valid_successor() -> None:
    assert ids(date(2020, 1, 1)) == {"Sở Cũ": "old", "Sở Mất": "lost"}
    assert ids(date(2021, 6, 1)) == {"Sở Giữa": "middle", "Sở Cũ": "middle"}
    assert ids(date(2024, 6, 1)) == {"Sở Mới": "new", "Sở Cũ": "new", "Sở Giữa": "new"}


def test_the_finder_of_a_period_is_made_once() -> None:
    names = Names(catalog(OLD, MIDDLE, NEW))
    assert names.on(date(2021, 6, 1)) is names.on(date(2022, 6, 1))
    assert names.on(date(2021, 6, 1)) is not names.on(date(2024, 6, 1))


def test_the_province_is_data() -> None:
    assert province_of(catalog()) == "Nghệ An"
    assert province_of(catalog(province="Thành phố Huế")) == "Huế"
    assert province_of(Catalog([], [], [], [])) == ""


def test_another_province_finds_its_own() -> None:
    health = Agency(id="y-te", name="Sở Y tế", short="SYT")
    for text, agency in (("Sở Y tế Nghệ An họp", "y-te"), ("Sở Y tế Thanh Hóa họp", "")):
        from nlp.sentences import split_sentences

        assert [m.agency for m in Names(catalog(health)).on(date(2024, 1, 1)).find(text, split_sentences(text))] == [
            agency
        ]
