"""Markdown to HTML, for text of our own: headings with ids, code with a button to copy it."""

import re
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

COPIED = {"bash", "json", "python", "javascript", "php", "ruby", "go", "text"}


@lru_cache(maxsize=256)
def to_html(text: str) -> SafeString:
    """Return Markdown as HTML. HTML within it is shown and not interpreted."""
    return mark_safe(_markdown.render(text))


def _heading_open(renderer, tokens, index, options, env) -> str:
    title = tokens[index + 1].content
    anchor = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return format_html('<{} id="{}">', tokens[index].tag, anchor)


def _fence(renderer, tokens, index, options, env) -> str:
    """Code: highlighted, scrollable by keyboard, and with a button that copy.js reveals."""
    token = tokens[index]
    language = token.info.strip() or "text"
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


def _label_cells(state) -> None:
    """Give each cell the heading of its column: on a narrow screen it stands beside it."""
    headings: list[str] = []
    column = 0
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            headings = []
        elif token.type == "th_open":
            headings.append(state.tokens[index + 1].content.replace("`", ""))
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open":
            token.attrSet("data-label", headings[column])
            column += 1


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.core.ruler.push("label_cells", _label_cells)
for _rule in (_heading_open, _fence, _table_open, _table_close):
    _markdown.add_render_rule(_rule.__name__[1:], _rule)
