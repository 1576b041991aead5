"""Gauss-Krüger forward on the CGCS2000 ellipsoid, zone of EPSG:4549 (central meridian 120 E, false easting 500 km), by
Krüger's series in the third flattening: below a hundredth of a millimetre within the zone."""

import math

A = 6378137.0
F = 1 / 298.257222101
CENTRAL_MERIDIAN = 120.0
FALSE_EASTING = 500_000.0

_N = F / (2 - F)
_RECTIFYING_RADIUS = A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_E = math.sqrt(F * (2 - F))


def world_m(lon, lat):
    """Easting and northing in metres."""
    latitude, longitude = math.radians(lat), math.radians(lon - CENTRAL_MERIDIAN)
    sine = math.sin(latitude)
    conformal = math.sinh(math.atanh(sine) - _E * math.atanh(_E * sine))
    xi = math.atan2(conformal, math.cos(longitude))
    eta = math.asinh(math.sin(longitude) / math.hypot(conformal, math.cos(longitude)))
    north, east = xi, eta
    for k, alpha in enumerate(_ALPHA, 1):
        north += alpha * math.sin(2 * k * xi) * math.cosh(2 * k * eta)
        east += alpha * math.cos(2 * k * xi) * math.sinh(2 * k * eta)
    return FALSE_EASTING + _RECTIFYING_RADIUS * east, _RECTIFYING_RADIUS * north


def world_mm(lon, lat):
    x, y = world_m(lon, lat)
    return round(x * 1000), round(y * 1000)
