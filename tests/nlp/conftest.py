"""The shipped catalogue, finder and judge, made once."""

import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog
from nlp.agencies import AgencyFinder
from nlp.judge import Judge


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def finder(catalog: Catalog) -> AgencyFinder:
    return AgencyFinder(catalog.agencies.values(), "Thanh Hóa")


@pytest.fixture(scope="session")
def judging(catalog: Catalog) -> Judge:
    return Judge(catalog)
