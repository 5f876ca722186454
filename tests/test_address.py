from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import decode_part, encode_part, read_query, split_path, write_query

NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


@given(NAMES)
def test_any_name_survives_as_one_part_of_a_path(name: str) -> None:
    part = encode_part(name)
    assert "/" not in part
    assert part not in ("", ".", "..")
    assert decode_part(part) == name
    assert split_path(f"/models/{part}/inputs") == ("models", part, "inputs")


@pytest.mark.parametrize("name", ["..", ".", "", "~", "~..", "../..", "a/b", "%2F", "?x=1#y", "é🔥", "<script>"])
def test_names_that_browsers_and_servers_would_change(name: str) -> None:
    address = f"http://host/models/{encode_part(name)}?sort=x"
    parts = urlsplit(address)
    assert parts.query == "sort=x"
    assert decode_part(split_path(parts.path)[1]) == name
    # what a browser does with dot segments, encoded or not
    assert encode_part(name).lower().replace("%2e", ".") not in (".", "..")


def test_bytes_that_are_no_text_become_a_name_that_nothing_has() -> None:
    assert decode_part("%ff%fe") == "\ufffd\ufffd"


def test_a_query_is_read_once_per_key_and_never_raises() -> None:
    assert read_query("?a=1&b=&a=2") == {"a": "1", "b": ""}
    assert read_query(None) == read_query("") == {}
    assert read_query("?" + "&".join(f"k{n}=1" for n in range(1000))) == {}
    assert read_query("?a=%ff") == {"a": "\ufffd"}


@given(st.dictionaries(NAMES.filter(bool), NAMES, max_size=5))
def test_what_is_written_is_read_back(values: dict[str, str]) -> None:
    assert read_query(write_query(values)) == values
