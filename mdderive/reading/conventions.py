"""Which layout of derivatives the words of a note state, and where: "we use numerator layout", 梯度采用分母布局.

A note that states one layout means it everywhere; one that states both means each in its own section, from there on. What is
denied or only compared states nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mdderive.document.blocks import Section
from mdderive.model.source import Span
from mdderive.model.traced import Traced

Layout = Literal["numerator", "denominator"]

_GRADIENT = (
    r"gradients?|derivatives?|梯度|导数|導數|微分|勾配|그래디언트|미분"
    r"|Gradient\w*|Ableitung\w*|dérivées?|gradiente?s?|производн\w*|градиент\w*"
)
_IS = r"[^.;!?。；！？\n]{0,80}?"
# How a layout is named, and what a gradient is said to be in it.
_WORDS: tuple[tuple[Layout, str], ...] = (
    ("numerator", r"numerator[ -]+(?:layout|convention|form\w*)|Jacobian[ -]+(?:layout|convention|formulation)"),
    (
        "numerator",
        r"分子(?:布局|佈局|形式|レイアウト|배치)|분자 ?(?:레이아웃|배치)|Zähler-?[Ll]ayout|числител\w* (?:layout|компоновк\w*)",
    ),
    ("numerator", r"(?:disposition|convention|notation)(?: (?:du|au|en|par))? numérateur|layout numérateur"),
    (
        "numerator",
        r"(?:disposición|convención|convenzione|disposizione|convenção|disposição|notación|notazione|notação|layout)"
        r"(?: (?:de|del|do|di|al|en|em))? (?:numerador|numeratore)|(?:раскладк\w*|соглашени\w*) по числител\w*",
    ),
    (
        "numerator",
        rf"(?:{_GRADIENT}){_IS}(?:row vectors?|行向量|行ベクトル|행벡터|Zeilenvektor\w*|(?:vecteur|une) ligne|строк\w*)",
    ),
    ("denominator", r"denominator[ -]+(?:layout|convention|form\w*)|Hessian[ -]+(?:layout|convention|formulation)"),
    (
        "denominator",
        r"分母(?:布局|佈局|形式|レイアウト|배치)|분모 ?(?:레이아웃|배치)|Nenner-?[Ll]ayout|знаменател\w* (?:layout|компоновк\w*)",
    ),
    ("denominator", r"(?:disposition|convention|notation)(?: (?:du|au|en|par))? dénominateur|layout dénominateur"),
    (
        "denominator",
        r"(?:disposición|convención|convenzione|disposizione|convenção|disposição|notación|notazione|notação|layout)"
        r"(?: (?:de|del|do|di|al|en|em))? (?:denominador|denominatore)|(?:раскладк\w*|соглашени\w*) по знаменател\w*",
    ),
    (
        "denominator",
        rf"(?:{_GRADIENT}){_IS}(?:column vectors?|列向量|列ベクトル|열벡터|Spaltenvektor\w*|vecteur colonne|столбец)"
        rf"|(?:{_GRADIENT}) (?:have|has|takes?) the (?:same )?(?:shape|size|dimensions?) (?:of|as) (?:the|its|their) "
        r"(?:variables?|arguments?|parameters?)|梯度(?:与|和)(?:自变量|变量|參數|参数)(?:的)?(?:形状|维度)(?:相同|一致)",
    ),
)
_STATED = re.compile("|".join(f"(?P<{layout}{i}>{words})" for i, (layout, words) in enumerate(_WORDS)), re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\bnot?\b|n't\b|\bnever\b|\bavoid\w*|\breject\w*|\bunlike\b|\binstead of\b|\brather than\b|\bother than\b"
    r"|\bversus\b|\bvs\b|不|非|而非|避免|也可|亦可|\b(?:may|can|could|might)\s+(?:also|equally)\b|nicht|kein\w*|\bvermeid\w*|\bévit\w*"
    r"|\bpas\b|\bне\b|ではな|\bif\b|\bwould\b|如果|若).{0,40}$",
    re.IGNORECASE,
)
_DENIED_BEHIND = re.compile(
    r"\s*(?:(?:is|are|was|were|has|will|would|does|do)\b\s*)?(?:been\s+|be\s+)?(?:not\b|never\b|n't\b)"
    r"|\s*(?:时|并?不|并?未|wird nicht|ist nicht|n['’]est pas|no se|non (?:si|è)|não|не\b)"
    r"|[^.;!?\n]{0,80}?\b(?:but|yet)\s+we\s+(?:(?:do not|don't|never|will not|won't)\s+(?:use|follow|adopt)|avoid)",
    re.IGNORECASE,
)
_ADOPTED = re.compile(
    r"\b(?:uses?|using|adopt\w*|follow\w*|employ\w*|writ\w+|work\w*|conventions?|throughout|always|verwend\w*|benutz\w*|nutzen"
    r"|utilis\w*|adopt\w*|suiv\w*|usamos|utiliz\w*|использ\w*|примен\w*|принят\w*)\b|采用|採用|使用|遵循|约定|約定|规定|用い|使う|使い|쓴다|사용|따른다",
    re.IGNORECASE,
)
_BY_VECTOR = re.compile(
    r"(?:of an? \w+ )?by an? (?:column )?vector|nach einem Spaltenvektor|par un vecteur(?: colonne)?"
    r"|对列向量|列ベクトルによる|по вектор\w*"
)
_CLAUSE = re.compile(r"[^.;!?,。；！？，、：:\n]+(?:\n(?![ \t>]*\n)[^.;!?,。；！？，、：:\n]+)*")
NEAR = 300


@dataclass(frozen=True, slots=True)
class Statement:
    """A layout that words state, in which section and where; `adopted` where the note says that it writes so.

    It is `named`, or told by what a gradient is, which leaves open what the derivative of a vector is.
    """

    layout: Layout
    section: Section
    at: int
    end: int
    adopted: bool
    named: bool = True


def stated(words: Traced, section: Section) -> Iterator[Statement]:
    """Yield the layouts that the words of a section state."""
    for clause in _CLAUSE.finditer(words.text):
        plain = _BY_VECTOR.sub(lambda found: " " * len(found[0]), clause[0])
        found = list(_STATED.finditer(plain))
        named = {"numerator" if (m.lastgroup or "").startswith("numerator") else "denominator" for m in found}
        denied = found and (
            _DENIED.search(plain[: found[0].start()]) or _DENIED_BEHIND.match(words.text, clause.start() + found[-1].end())
        )
        if len(named) == 1 and not denied:
            layout: Layout = "numerator" if "numerator" in named else "denominator"
            told = re.match(_GRADIENT, found[0][0], re.IGNORECASE) is not None
            adopted = bool(_ADOPTED.search(plain)) or told
            place = words.span(Span(clause.start() + found[0].start(), clause.start() + found[0].end()))
            yield Statement(layout, section, place.start, place.end, adopted, not told)


def in_force(statements: Sequence[Statement], section: Section, at: int) -> Statement | None:
    """Return what states the layout for a place; None where nothing does.

    What stands just before the place counts most, then what the note adopts, then what its section speaks of.
    """
    own = [s for s in statements if s.section == section and s.at < at]
    near = [s for s in own if s.at >= at - NEAR]
    adopted = [s for s in statements if s.adopted]
    around = [s for s in adopted if s.section == section[: len(s.section)] and s.at < at]
    if not near and len({s.layout for s in adopted}) == 1:
        return adopted[0]
    found = near or around or own
    return found[-1] if found else None
