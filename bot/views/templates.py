"""Templates: the list, one of them, and the questions about them."""

from collections.abc import Sequence
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import PostVerb, TemplateTap, TemplateVerb
from bot.language import _, number
from bot.views.post_buttons import back, tap
from bot.views.screen import Rows, Screen, button, in_rows, quoted
from core.posts.templates import (
    LONGEST_NAME,
    MOST_TEMPLATES,
    PLACEHOLDERS,
    BadName,
    CaptionTemplate,
    NameTaken,
    TooManyTemplates,
)
from core.posts.view import PostView

LISTED = 10
"""Templates on one screen."""
OFFERED = 6
"""Templates that a question about a caption offers."""


def templates(found: Sequence[CaptionTemplate], page: int = 0, *, note: str = "") -> Screen:
    """All templates, a page of them at a time; `note` leads (HTML)."""
    new = [button(_("New template"), TemplateTap(0, TemplateVerb.NEW))]
    lines = [note, ""] if note else []
    if not found:
        lines += [
            _("<b>No templates yet.</b>"),
            _(
                "A template is a caption you use again, or a set of hashtags. Save one from any "
                "post: <b>Caption</b>, then <b>Save as template</b>."
            ),
        ]
        return Screen(text="\n".join(lines), rows=[new])
    pages = -(-len(found) // LISTED)
    page = min(page, pages - 1)
    shown = found[page * LISTED : (page + 1) * LISTED]
    rows: list[Sequence[InlineKeyboardButton]] = [
        [button(named(each), TemplateTap(each.id, TemplateVerb.SHOW))] for each in shown
    ]
    beside = [
        button(label, TemplateTap(number_, TemplateVerb.LIST))
        for label, number_ in (("‹", page - 1), ("›", page + 1))
        if 0 <= number_ < pages
    ]
    lines += [_("<b>Your templates</b>"), _("Tap one to see, rename or delete it.")]
    return Screen(text="\n".join(lines), rows=[*rows, *([beside] if beside else []), new])


def template(found: CaptionTemplate) -> Screen:
    """One template."""
    kind = (
        _("A set of hashtags: it is added to a caption.")
        if found.is_hashtags
        else _("It takes the place of a caption.")
    )
    return Screen(
        text=f"<b>{escape(found.name)}</b>\n{kind}\n\n{escape(found.caption)}",
        rows=[
            [
                button(_("Rename"), TemplateTap(found.id, TemplateVerb.RENAME)),
                button(_("🗑 Delete"), TemplateTap(found.id, TemplateVerb.DELETE)),
            ],
            [_list()],
        ],
    )


def ask_new_name(found: CaptionTemplate, *, problem: str = "") -> Screen:
    """Asks for another name of a template."""
    asked = _("<b>What shall {name} be called from now on?</b> Send me a short name.")
    return Screen(
        text=problem or asked.format(name=quoted(escape(found.name))),
        rows=[[button(_("‹ Back"), TemplateTap(found.id, TemplateVerb.SHOW))]],
    )


def delete_sure(found: CaptionTemplate) -> Screen:
    """Asks once more."""
    return Screen(
        text=_("Delete the template <b>{name}</b>? Captions made from it stay.").format(
            name=escape(found.name)
        ),
        rows=[
            [
                button(_("🗑 Delete"), TemplateTap(found.id, TemplateVerb.DELETE_SURE)),
                button(_("‹ Back"), TemplateTap(found.id, TemplateVerb.SHOW)),
            ]
        ],
    )


def ask_new(*, problem: str = "") -> Screen:
    """Asks for a template, name and text in one message."""
    lines = [
        problem or _("<b>Send me the template</b>: its name in the first line, the caption below."),
        placeholders(),
    ]
    return Screen(text="\n\n".join(lines), rows=[[_list()]])


def ask_name(post: PostView, *, problem: str = "") -> Screen:
    """Asks what the template made of a post's caption is called."""
    lines = [
        problem or _("<b>What shall the template be called?</b> Send me a short name."),
        "",
        escape(post.caption),
    ]
    return Screen(text="\n".join(lines), rows=[[back(post)]])


def placeholders() -> str:
    """What is filled in when a template is used (HTML)."""
    written = {name: f"<code>{{{name}}}</code>" for name in PLACEHOLDERS}
    return _(
        "{date} becomes the day the post goes out, {account} the account, {n} the number of the "
        "post in its bulk."
    ).format(**written)


def saved(found: CaptionTemplate) -> str:
    """It is kept (HTML)."""
    return _("📑 Saved as the template <b>{name}</b>.").format(name=escape(found.name))


def renamed(found: CaptionTemplate) -> str:
    """It has another name (HTML)."""
    return _("📑 It is called <b>{name}</b> now.").format(name=escape(found.name))


def deleted(found: CaptionTemplate) -> str:
    """It is gone (HTML)."""
    return _("🗑 Deleted the template <b>{name}</b>.").format(name=escape(found.name))


def problem(error: NameTaken | BadName | TooManyTemplates) -> str:
    """Why a template cannot be kept so (HTML)."""
    match error:
        case NameTaken():
            return _("<b>Another template has that name.</b> Send me a different one.")
        case BadName():
            return _("<b>A name has 1 to {longest} characters.</b> Send me a shorter one.").format(
                longest=number(LONGEST_NAME)
            )
    return _("<b>You have {most} templates already.</b> Delete one in /templates first.").format(
        most=number(MOST_TEMPLATES)
    )


def no_caption() -> str:
    """A template was sent without a text (HTML)."""
    return _("<b>There is no caption below the name.</b> Send me both, in two lines or more.")


def for_post(post: PostView, found: Sequence[CaptionTemplate]) -> Rows:
    """The templates that a post's caption can be made of, and saving it as one."""
    choices = [
        button(named(each), tap(post, PostVerb.TEMPLATE, str(each.id))) for each in found[:OFFERED]
    ]
    rows = [*in_rows(choices)]
    if post.caption:
        rows.append([button(_("📑 Save as template"), tap(post, PostVerb.SAVE_TEMPLATE))])
    return rows


def named(found: CaptionTemplate) -> str:
    """The label of a button for it."""
    return f"{'#️⃣' if found.is_hashtags else '📑'} {found.name}"


def _list() -> InlineKeyboardButton:
    return button(_("‹ Templates"), TemplateTap(0, TemplateVerb.LIST))
