"""What can go wrong in the simulated province: the kinds of incident, how often, how long and how strong."""

from __future__ import annotations

from dataclasses import dataclass

STATIONS = "env-stations"
DOSSIERS = "one-stop-dossiers"
PRESS = "press"  # stands for all feeds of the simulated press
SURICATA = "suricata"
SYSLOG = "syslog"


@dataclass(frozen=True)
class Kind:
    """One kind of incident.

    Attributes:
        source: where it shows.
        metric: what it changes most; for agencies and sensors what is counted.
        related: what moves with it.
        hours: shortest and longest.
        strength: least and greatest; what it means depends on the kind, see `simulator.effects`.
        text: Vietnamese, with the place's name to fill in.
    """

    source: str
    metric: str
    related: tuple[str, ...]
    hours: tuple[float, float]
    strength: tuple[float, float]
    text: str


KINDS = {
    "pm-plume": Kind(STATIONS, "pm25", ("pm10",), (2.0, 3.5), (130.0, 240.0), "Bụi mịn PM2.5 tăng vọt: {place}"),
    "so2-plume": Kind(STATIONS, "so2", ("pm25", "pm10"), (1.5, 3.0), (320.0, 620.0), "Khí SO2 rò rỉ: {place}"),
    "discharge": Kind(
        STATIONS, "cod", ("nh4", "tss"), (2.0, 4.0), (1.3, 2.2), "Xả nước thải vượt quy chuẩn (COD, amoni): {place}"
    ),
    "ph-drop": Kind(STATIONS, "ph", (), (1.5, 3.0), (2.0, 3.0), "Nước thải nhiễm a xít, pH tụt: {place}"),
    "do-drop": Kind(STATIONS, "do", (), (2.0, 4.0), (0.7, 0.9), "Ô xy hòa tan sụt giảm: {place}"),
    "stuck": Kind(STATIONS, "", (), (3.0, 4.0), (0.0, 0.0), "Đầu đo đứng yên một giá trị: {place}"),
    "backlog": Kind(DOSSIERS, "overdue", (), (72.0, 120.0), (0.6, 0.9), "Dồn ứ hồ sơ một cửa: {place}"),
    "press-wave": Kind(PRESS, "negative", (), (8.0, 14.0), (0.6, 0.9), "Báo chí đồng loạt phản ánh: {place}"),
    "port-scan": Kind(SURICATA, "alert", (), (0.3, 0.8), (20.0, 60.0), "Dò quét cổng dịch vụ: {place}"),
    "brute-force": Kind(SYSLOG, "failed", (), (0.5, 1.5), (20.0, 60.0), "Dò mật khẩu SSH: {place}"),
}


@dataclass(frozen=True)
class Family:
    """Kinds that share a calendar: one incident begins in every block of time.

    Attributes:
        kinds: that may happen; each block takes one for which there is a place.
        block_h: hours of a block.
        clean_h: hours before the first start without scheduled incidents, so that what is usual can be learnt.
        pause_h: hours after the first start without new ones.
        anchored: (kind, hours from the first start to its begin, hours it lasts), at different places.
    """

    kinds: tuple[str, ...]
    block_h: int
    clean_h: float
    pause_h: float
    anchored: tuple[tuple[str, float, float], ...]


FAMILIES = {
    "stations": Family(
        ("pm-plume", "so2-plume", "discharge", "ph-drop", "do-drop", "stuck"),
        block_h=4,
        clean_h=96,
        pause_h=2,
        anchored=(
            ("pm-plume", -1.3, 3.0),
            ("pm-plume", -15.0, 3.2),
            ("so2-plume", -9.0, 2.0),
            ("discharge", -5.5, 3.5),
            ("ph-drop", -19.0, 2.5),
            ("stuck", -4.5, 4.0),
        ),
    ),
    "backlogs": Family(("backlog",), 240, 24 * 31, 72, (("backlog", -6.0 * 24, 7.0 * 24),)),
    "press": Family(("press-wave",), 72, 24 * 7, 24, (("press-wave", -9.0, 14.0),)),
    "cyber": Family(("port-scan", "brute-force"), 12, 24, 6, (("brute-force", -3.0, 1.0), ("port-scan", -10.0, 0.5))),
}
