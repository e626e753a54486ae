"""Results to Markdown, HTML, LaTeX and text; rows to answers.

`OUTPUTS` is the whole table of forms that a story takes; to add one, write one function of its pieces and one line there.
"""

from mdderive.render.pages import OUTPUTS, apply, edits, expand, failed, placed
from mdderive.render.story import story

__all__ = ["OUTPUTS", "apply", "edits", "expand", "failed", "placed", "story"]
