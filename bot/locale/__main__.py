"""`python -m bot.locale`: bring every catalog up to date with the texts in the code."""

import sys

from bot.language import ENGLISH, LANGUAGES, catalog_file
from bot.locale.messages import brought_up_to_date, write


def main() -> None:
    """Write each catalog and say how much of it is still to be translated."""
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        path = catalog_file(language)
        catalog = brought_up_to_date(path, language)
        write(path, catalog)
        strings = [message.string for message in catalog if message.id]
        missing = [each for each in strings if not (all(each) if isinstance(each, tuple) else each)]
        sys.stdout.write(f"{path}: {len(strings)} messages, {len(missing)} to translate\n")


if __name__ == "__main__":
    main()
