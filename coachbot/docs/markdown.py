"""Markdown to HTML, for text of our own: headings that link to themselves, code with a button to
copy it, the same code in several languages as tabs, rows of errors that can be linked to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# What a program can be written in here, as highlighters call it, and what readers call it.
LANGUAGES = {
    "bash": "curl",
    "python": "Python",
    "javascript": "Node",
    "php": "PHP",
    "ruby": "Ruby",
    "go": "Go",
}
# The column of a table whose rows can each be linked to, by what stands there.
LINKED_COLUMN = "error"


@dataclass(frozen=True)
class Part:
    """A part of a page: its heading's level (2 or 3), id and words."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Rendered:
    """A page as HTML, and its parts in their order."""

    html: SafeString
    parts: tuple[Part, ...]


@lru_cache(maxsize=256)
def render(text: str) -> Rendered:
    """Return Markdown as HTML. HTML within it is shown and not interpreted."""
    tokens = _markdown.parse(text)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return Rendered(mark_safe(html), tuple(_parts(tokens)))


def slug(words: str) -> str:
    """Return the id of a heading, or of the row of an error, made of its words."""
    return slugify(words.replace(".", " "))


def _parts(tokens: list[Token]) -> Iterator[Part]:
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag in ("h2", "h3"):
            yield Part(int(heading.tag[1]), str(heading.attrGet("id")), _words(inline))


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [])


def _link_headings(state) -> None:
    """Let each heading below the title of the page be a link to itself."""
    for heading, inline in pairwise(state.tokens):
        if heading.type == "heading_open" and heading.tag != "h1":
            _link(inline, heading.attrGet("id"))


def _link(inline: Token, anchor: str) -> None:
    opening = Token("link_open", "a", 1, attrs={"class": "docs-anchor", "href": f"#{anchor}"})
    inline.children = [opening, *(inline.children or []), Token("link_close", "a", -1)]


def _label_cells(state) -> None:
    """Give each cell the heading of its column: on a narrow screen it stands beside it.

    A row that has what LINKED_COLUMN names gets an id and a link to itself.
    """
    headings: list[str] = []
    column = 0
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            headings = []
        elif token.type == "th_open":
            headings.append(_words(state.tokens[index + 1]))
        elif token.type == "tr_open":
            column, row = 0, token
        elif token.type == "td_open":
            token.attrSet("data-label", headings[column])
            if headings[column] == LINKED_COLUMN:
                inline = state.tokens[index + 1]
                row.attrSet("id", slug(_words(inline)))
                _link(inline, row.attrGet("id"))
            column += 1


def _group_languages(state) -> None:
    """Make tabs of code that follows on code, each in another language, without a word between.

    Without scripts they stand one below the other, each under its name: languages.js.
    """
    grouped: list[Token] = []
    for is_code, run in groupby(state.tokens, lambda token: _language(token) in LANGUAGES):
        blocks = list(run)
        languages = {_language(block) for block in blocks}
        are_tabs = is_code and 1 < len(blocks) == len(languages)
        grouped += _tabs(blocks) if are_tabs else blocks
    state.tokens = grouped


def _language(token: Token) -> str:
    return token.info.strip() if token.type == "fence" else ""


def _tabs(blocks: list[Token]) -> Iterator[Token]:
    yield _html('<div class="languages">')
    for block in blocks:
        language = _language(block)
        yield _html(f'<div class="language" data-language="{language}">')
        yield _html(f'<p class="language-name">{LANGUAGES[language]}</p>')
        yield block
        yield _html("</div>")
    yield _html("</div>")


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def _fence(renderer, tokens, index, options, env) -> str:
    """Code: highlighted, scrollable by keyboard, and with a button that copy.js reveals."""
    token = tokens[index]
    language = _language(token) or "text"
    lexer = get_lexer_by_name(language, stripnl=False, startinline=language == "php")
    code = highlight(token.content, lexer, HtmlFormatter(nowrap=True))
    return format_html(
        '<div class="copy"><pre class="code" id="code-{0}" tabindex="0">{1}</pre>'
        '<button class="button" type="button" data-copy="code-{0}" hidden>Copy</button></div>',
        index,
        mark_safe(code.rstrip("\n")),
    )


def _table_open(renderer, tokens, index, options, env) -> str:
    return '<div class="docs-table"><table class="table table-stack">'


def _table_close(renderer, tokens, index, options, env) -> str:
    return "</table></div>"


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.use(anchors_plugin, max_level=3, slug_func=slug)
for _rule in (_link_headings, _label_cells, _group_languages):
    _markdown.core.ruler.push(_rule.__name__[1:], _rule)
for _made in (_fence, _table_open, _table_close):
    _markdown.add_render_rule(_made.__name__[1:], _made)
