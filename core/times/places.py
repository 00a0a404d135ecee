"""The zone of a place on the map, such as a location that a creator shared."""

import math

from core.times.moment import zone_info


def zone_at(latitude: float, longitude: float) -> str | None:
    """Return the zone in use at a place given in degrees; None where no zone is known.

    At sea it is a zone of whole hours (Etc/GMT+3). The first call loads the map, about 35 MB and
    60 ms, so it belongs in a thread. Raises ValueError for what is no place.
    """
    if not (math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(f"no place: {latitude}, {longitude}")
    import tzfpy  # noqa: PLC0415 - the map is loaded for creators who share a location only

    zone = tzfpy.get_tz(longitude, latitude)
    try:
        zone_info(zone)
    except ValueError:
        return None
    return zone
