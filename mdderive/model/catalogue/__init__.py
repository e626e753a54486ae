"""The words of every diagnostic: one row a code, in the module of its first digit.

Codes: 1xx block and file, 2xx notation, 3xx shapes, 4xx mathematics, 9xx internal. A code is never used for something else.
"""

from collections.abc import Mapping

from mdderive.model.catalogue.of_blocks import OF_BLOCKS
from mdderive.model.catalogue.of_mathematics import OF_MATHEMATICS
from mdderive.model.catalogue.of_notation import OF_NOTATION
from mdderive.model.catalogue.wording import Entry

CATALOG: Mapping[str, Entry] = {**OF_BLOCKS, **OF_NOTATION, **OF_MATHEMATICS}
