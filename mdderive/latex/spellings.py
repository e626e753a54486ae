"""What a formula says only to the typesetter, and what it spells in its own way, each with the signs that it cannot lack."""

from collections.abc import Mapping

from mdderive.model.traced import Sought

# Commands that are spelled otherwise.
COMMANDS: Mapping[str, str] = {
    "Arrowvert": r"\|",
    **dict.fromkeys(("cr", "newline"), r"\\"),
    **dict.fromkeys(("triangleq", "doteq", "eqqcolon", "coloneqq", "coloneq"), ":="),
    **dict.fromkeys(("dif", "dd", "diff", "diffd", "differential", "ud", "rmd"), r"\mathrm{d}"),
    **dict.fromkeys(("space", "enspace"), r"\quad "),
    **dict.fromkeys(("triangledown", "bigtriangledown"), r"\nabla"),
    "eps": r"\epsilon",
    "varkappa": r"\kappa",
    "infin": r"\infty",
    "hdots": r"\dots",
}
COMMAND = Sought(rf"\\(?P<name>{'|'.join(COMMANDS)})(?![A-Za-z])", *COMMANDS)
DROPPED = Sought(
    r"\\(?:nonumber|notag|displaystyle|textstyle|scriptstyle|limits|nolimits|hfill|noindent|small|normalsize|large|bigskip|qedhere"
    r"|allowbreak|nobreak|smallskip|medskip|hline|centering|ensuremath|footnotesize|scriptsize|tiny|Large|LARGE)(?![A-Za-z])"
    r"|\\(?:mathstrut|hfil|qed|qedsymbol|par)(?![A-Za-z])|\\(?:square|Box|blacksquare)\s*(?=$|\\end)"
    r"|\\left\s*\.|\\right\s*\.|(?<!\\)(?:\\!|\\,|\\;|\\:|\\>|\\ )|~|\u00a0|\u3000|\\kern[-\d.]+[a-z]+|\\mskip[-\d.]+mu",
    "\\",
    "~",
    "\u00a0",
    "\u3000",
)
WRAPPERS = Sought(
    r"\\(?:boxed|fbox|framebox|cancel|bcancel|xcancel|mathop|mathrel|mathbin|mathord|mathinner|pmb|ensuremath|underline|smash"
    r"|mathclap|mathllap|mathrlap)\s*(?=\{)",
    "box",
    "cancel",
    "math",
    "pmb",
    "underline",
    "smash",
)
ESCAPED_STAR = Sought(r"\\(?P<side>begin|end)\{(?P<name>[a-zA-Z]+)\\\*\}", r"\*}")
SPELLED: tuple[tuple[Sought, str], ...] = (
    (Sought(r"\\\\\\\\", "\\\\\\\\"), r"\\"),
    (Sought(r"(?<!\\)(?:\\\\)?\\[ \t]*\n", "\n"), r"\\"),
    (Sought(r"(?<!\\)\\_", r"\_"), "_"),
    (Sought(r"(?<![\\_^A-Za-z}])\{\s*(?:tr|Tr)\s*\}(?=\s*[A-Za-z(\\])", "tr", "Tr"), r"\operatorname{tr}"),
    # thousands, where no bracket or script begins: 200,960
    (Sought(r"(?<=\d)(?<![_^{(\[.]\d)(?<![_^{(\[.]\d\d)(?<![_^{(\[.]\d{3})(?<!\d{4})(?:,|\{,\})(?=\d{3}(?!\d))", ","), ""),
    (Sought(r"(?<!\\)\\[()]", "\\"), "$"),  # a formula in the words of a formula
    (Sought(r"\\(?:bold|bf|pmb)\s*(?=\{)", "bold", "bf", "pmb"), r"\mathbf"),
    (Sought(r"\\dx(?=\s*\{)", r"\dx"), r"\mathrm{d}"),
    (
        Sought(
            r"\\(?:(?:operatorname|mathrm|text|textrm|mathbf)\s*\{\s*grad\s*\}|grad(?![A-Za-z]))|(?<![A-Za-z\\])grad(?![A-Za-z])",
            "grad",
        ),
        r"\nabla ",
    ),
    (Sought(r"(?<![A-Za-z\\])arc\s*\\(?=(?:sin|cos|tan|cot)h?(?![A-Za-z]))", "arc"), r"\arc"),
    (Sought(r"&space;", "&space;"), " "),  # addresses of pictures
    (Sought(r"&plus;", "&plus;"), "+"),
    (Sought(r"(?<!\.)\.\.\.(?!\.)|…", "...", "…"), r"\dots "),
    (Sought(r"(?<=[})])\.(?=\\[dt]?frac\b)", "."), r"\cdot"),
    (Sought(r"(?<=matrix)\*\}(?:\s*\[[lcr]\])?", "*}"), "}"),
    (Sought(r"\n\s*\n", "\n"), " "),  # MathJax and KaTeX take an empty line for a space
    (Sought(r"\\partial\s*\{\s*\}", r"\partial"), r"\partial "),
    (Sought(r"(?<=\})\.(?=[A-Za-z]_)", "."), r"\cdot "),
    (Sought(r"&\s*(?=\\\\|\\end\{[a-zA-Z]*matrix)", "&"), " "),
    (Sought(r"(?<=\^)\s*(?:\\ast|\{\s*\\ast\s*\})(?![A-Za-z])", r"\ast"), "*"),
    (Sought(r"(?<=\^)\s*(?:\\star|\{\s*\\star\s*\})(?![A-Za-z])", r"\star"), "*"),
    (Sought(r"(?<=[\w}\])])\s*\{\s*\}\s*(?=\^)", "{"), ""),  # a script that is set apart from the one below
    (Sought(r"\\(?:text|mbox|textrm|mathrm)\s*\{\s*\}", "text", "mbox", "math"), r"\,"),
    (Sought(r"\\textcircled\s*\{\s*\w+\s*\}", r"\textcircled"), " "),
)
