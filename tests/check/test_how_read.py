"""A row says how its relation was read where that is not the likeliest way."""

import json

from mdderive import report
from mdderive.check.pipeline import check
from mdderive.model.results import Settings


def rows(text, functions="elementwise"):
    document = check(text, settings=Settings(equations=True, functions=functions))
    return json.loads(report([document], form="json"))["equations"]


def test_a_row_says_how_it_was_read_where_that_is_not_the_likeliest_way():
    (matrix,) = rows(r"$$\frac{\partial \exp(tG)}{\partial t} = G \exp(tG)$$")
    assert (matrix["outcome"], matrix["reading"]) == ("holds", "functions are functions of matrices")
    (entries,) = rows(r"$$\frac{\partial}{\partial Z} \operatorname{tr}(G^T \exp(Z)) = G \odot \exp(Z)$$", "matrix")
    assert (entries["outcome"], entries["reading"]) == ("holds", "functions act entry by entry")


def test_a_row_read_in_the_likeliest_way_says_nothing_of_it():
    (plain,) = rows(r"$$\frac{\partial (p^T z)}{\partial z} = p$$")
    assert plain["outcome"] == "holds"
    assert "reading" not in plain
