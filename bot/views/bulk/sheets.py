"""Sheets: what a .csv file may hold, an example, and what is wrong with one that was sent."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from html import escape

from bot.language import N_, _, ngettext, number
from bot.views.post_words import PRIVACY, privacy_words
from bot.views.screen import Screen, beginning, minutes_seconds, quoted
from core.bulk.orders import Fault, RowFault
from core.bulk.sheets import COLUMNS, LARGEST_SHEET, MOST_ROWS, BadSheet, SheetFault
from core.bulk.view import BatchView
from core.queue.plans import POSTS_PER_DAY

LISTED = 12
"""Faults in a message; more of them come as a text file."""
EXAMPLE_NAME = "clipcue-example.csv"
FAULTS_NAME = "clipcue-faults.txt"

BAD = {
    SheetFault.TOO_LARGE: N_("It is too large: {largest} KB at most."),
    SheetFault.NOT_TEXT: N_(
        "It is no text I can read. Save it as CSV (UTF-8) in your spreadsheet program."
    ),
    SheetFault.EMPTY: N_("There are no rows in it."),
    SheetFault.BROKEN_QUOTES: N_('Row {subject}: a quotation mark " is not closed.'),
    SheetFault.TOO_MANY_ROWS: N_("It has more than {most} rows: send it in parts."),
    SheetFault.NO_FILE_NAMES: N_("Its first row has to name the columns, one of them file_name."),
    SheetFault.UNKNOWN_COLUMN: N_("I know no column “{subject}”. The columns are: {columns}."),
    SheetFault.COLUMN_TWICE: N_("The column “{subject}” is there twice."),
}

FAULTS = {
    RowFault.NO_FILE: N_("file_name is empty"),
    RowFault.UNKNOWN_FILE: N_("no draft has a clip called “{value}”: send the clip first"),
    RowFault.SEVERAL_FILES: N_("more than one clip is called “{value}”: discard all but one"),
    RowFault.SAME_POST: N_("row {other} posts the same clip to the same account"),
    RowFault.CLIP_TOO_LONG: N_("the clip is too long: this account may post {length} at most"),
    RowFault.CAPTION_TOO_LONG: N_("the caption is longer than TikTok takes, by {other}"),
    RowFault.NO_TIME: N_("I cannot read the time “{value}”: try 2027-01-31 18:30"),
    RowFault.PAST: N_("the time “{value}” has gone by"),
    RowFault.TOO_FAR: N_("the time “{value}” is more than a year away"),
    RowFault.JUMPED: N_("clocks go forward that night: “{value}” does not exist"),
    RowFault.TWICE: N_("clocks go back that night: “{value}” comes twice; choose another time"),
    RowFault.AMBIGUOUS: N_("“{value}” can mean more than one time: try 2027-01-31 18:30"),
    RowFault.SAME_TIME: N_("row {other} posts to the same account at the same time"),
    RowFault.TAKEN: N_("another post of the account goes out at that time"),
    RowFault.OVER_CAP: N_("TikTok takes about {other} of an account in 24 hours: this is one more"),
    RowFault.UNKNOWN_ACCOUNT: N_("you have no account “{value}”: see /accounts"),
    RowFault.LOST_ACCOUNT: N_("the account “{value}” has to be connected again"),
    RowFault.UNKNOWN_PRIVACY: N_("“{value}” is no privacy: it is one of {privacy}"),
    RowFault.PRIVACY_NOT_OFFERED: N_("TikTok does not offer “{value}” to this account"),
    RowFault.BRANDED_PRIVATE: N_("branded content cannot be for “{value}”"),
    RowFault.NOT_YES_OR_NO: N_("{column} is “{value}”: write yes or no"),
    RowFault.TURNED_OFF: N_("the account has turned off {column} in TikTok's settings"),
    RowFault.SURPLUS: N_("there is something behind the last column: “{value}”. Does a caption "
                         "with a comma lack its quotation marks?"),
}  # fmt: skip


def explained() -> Screen:
    """What an example file shows, for the words that go with it."""
    levels = ", ".join(quoted(privacy_words(level)) for level in PRIVACY)
    lines = [
        _("<b>Captions and times from a spreadsheet</b>"),
        _(
            "Fill in a row for each clip, save it as CSV and send it to me. Only file_name is "
            "needed; what you leave empty is chosen here."
        ),
        "",
        "<code>file_name</code> " + _("what the clip is called, as the bulk shows it"),
        "<code>when</code> " + _("“2027-01-31 18:30” or words like “fri 9am”, by your clock"),
        "<code>account</code> " + _("with or without @"),
        "<code>privacy</code> " + levels,
        "<code>comment duet stitch</code> " + _("yes or no"),
        "<code>your_brand branded_content ai_generated</code> " + _("yes or no"),
    ]
    return Screen(text="\n".join(lines))


def example(batch: BatchView) -> bytes:
    """A file with the clips of the batch, or with made-up ones; spreadsheet programs read it."""
    names = [post.file_name for post in batch.posts] or ["IMG_0001.mp4", "IMG_0002.mp4"]
    rows = [dict.fromkeys(COLUMNS, "") | {"file_name": _harmless(name)} for name in names]
    if not batch.posts:
        rows[0] |= {
            "caption": _("Day {{n}}: lemon cake #food").format(),
            "when": _("fri 9am"),
            "privacy": _("Everyone"),
            "comment": _("yes"),
        }
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # the mark tells Excel that it is UTF-8


def bad(error: BadSheet) -> Screen:
    """Why the file is no sheet."""
    told = _(BAD[error.fault]).format(
        largest=number(LARGEST_SHEET >> 10),
        most=number(MOST_ROWS),
        subject=beginning(error.subject, 40),
        columns=", ".join(COLUMNS),
    )
    return Screen(text=_("<b>I cannot use that file.</b> {reason}").format(reason=told))


def faults(found: Sequence[Fault]) -> Screen:
    """What is wrong, row by row; nothing has been changed."""
    rows = len({fault.row for fault in found})
    told = ngettext(
        "<b>Something is wrong in {count} row</b>, so I have taken nothing from the file. Mend it "
        "and send it again.",
        "<b>Something is wrong in {count} rows</b>, so I have taken nothing from the file. Mend "
        "them and send it again.",
        rows,
    )
    lines = [told.format(count=number(rows)), ""]
    lines += [escape(line) for line in fault_lines(found[:LISTED], value_length=60)]
    if len(found) > LISTED:
        lines += ["", _("The whole list is in the file below.")]
    return Screen(text="\n".join(lines))


def faults_file(found: Sequence[Fault]) -> bytes | None:
    """The whole list as a text file, where it is too long for a message."""
    if len(found) <= LISTED:
        return None
    return ("\n".join(fault_lines(found, value_length=200)) + "\n").encode()


def below() -> Screen:
    """What the text file is."""
    return Screen(text=_("Everything that is wrong, row by row."))


def fault_lines(found: Sequence[Fault], *, value_length: int) -> list[str]:
    """One plain line for each fault."""
    levels = ", ".join(quoted(privacy_words(level)) for level in PRIVACY)
    lines = []
    for fault in found:
        other = POSTS_PER_DAY if fault.what is RowFault.OVER_CAP else fault.other
        reason = _(FAULTS[fault.what]).format(
            value=_shown(fault.value, value_length),
            other=number(other),
            column=fault.column,
            length=minutes_seconds(timedelta(seconds=fault.other)),
            privacy=levels,
        )
        lines.append(_("Row {row}: {reason}").format(row=number(fault.row), reason=reason))
    return lines


def taken(count: int) -> str:
    """Every row is in the batch (HTML)."""
    told = ngettext(
        "📄 {count} row taken from the file. Nothing is scheduled yet.",
        "📄 {count} rows taken from the file. Nothing is scheduled yet.",
        count,
    )
    return told.format(count=number(count))


def privacy_named() -> dict[str, str]:
    """What creators may write for each privacy, case folded: our words, English, TikTok's own."""
    named: dict[str, str] = {}
    for level, words in PRIVACY.items():
        for word in (words, _(words), level.value):
            named[word.casefold()] = level.value
    return named


def yes_words() -> frozenset[str]:
    """What counts as yes, case folded."""
    return frozenset({*_YES, _("yes").casefold()})


def no_words() -> frozenset[str]:
    """What counts as no, case folded."""
    return frozenset({*_NO, _("no").casefold()})


_YES = ("yes", "y", "si", "true", "1", "x", "on")
_NO = ("no", "n", "false", "0", "-", "off")


def _shown(value: str, length: int) -> str:
    line = " ".join(value.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _harmless(name: str) -> str:
    """A file's name that no spreadsheet program takes for a formula."""
    return f"'{name}" if name[:1] in "=+-@\t\r" else name
