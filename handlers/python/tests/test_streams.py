"""The streams are those of the oracle: the numbers here were drawn from the Rust implementation."""

from __future__ import annotations

import pytest
from parity_streams import SplitMix64, Streams

FIRST_BYTES = {
    "0000000000000000": "afcd1d7b39a820e2f465b9a16a9e786e4f450980185dc406ec814c72a8b88bf89b74a8516a89391b",
    "0123456789abcdef": "9daa8fa407387a1593d0a1349b5273d5becc6d992eb7902fec67464c3319d4a208809314e94c4001",
    "ffffffffffffffff": "202c651b7771d9e4c982f6db67f89fe9e98172b24cf82f38d282a9cb6cb31d6dae6980572e47a0b4",
}
FIRST_FLOATS = {
    "0000000000000000": [0.10449641143432731, 0.7428624035545229, 0.6058715976142358, 0.7667352375432283],
    "0123456789abcdef": [0.447055012079546, 0.36317657067109443, 0.5754587554102145, 0.6377821516212243],
    "ffffffffffffffff": [0.9597909368374942, 0.12599523491425768, 0.44640115140317305, 0.5211286918105377],
}


def doors(entropy: str, now: str = "2026-01-15T09:30:00.000Z") -> Streams:
    streams = Streams()
    streams.reset({"now": now, "entropy": entropy})
    return streams


def test_splitmix64_gives_the_published_sequence() -> None:
    generator = SplitMix64(1_234_567)
    assert [generator.next(), generator.next()] == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]


@pytest.mark.parametrize("entropy", FIRST_BYTES)
def test_bytes_are_those_of_the_oracle(entropy: str) -> None:
    assert doors(entropy).bytes(40).hex() == FIRST_BYTES[entropy]


@pytest.mark.parametrize("sizes", [(3, 13, 0, 24), (8, 8, 8, 8, 8), (1,) * 40, (40, 0)])
def test_bytes_have_no_gaps_between_draws(sizes: tuple[int, ...]) -> None:
    streams = doors("0123456789abcdef")
    assert b"".join(streams.bytes(size) for size in sizes).hex() == FIRST_BYTES["0123456789abcdef"]


@pytest.mark.parametrize("entropy", FIRST_FLOATS)
def test_floats_are_those_of_the_oracle_whatever_bytes_are_drawn(entropy: str) -> None:
    streams = doors(entropy)
    drawn = [(streams.bytes(5), streams.float())[1] for _ in range(4)]
    assert drawn == FIRST_FLOATS[entropy]


@pytest.mark.parametrize(
    ("now", "milliseconds"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.123Z", -877),
        ("2026-01-15T09:30:00.001Z", 1_768_469_400_001),
        ("9998-12-31T00:00:00.000Z", 253_370_678_400_000),
    ],
)
def test_the_clock_is_in_whole_milliseconds(now: str, milliseconds: int) -> None:
    assert doors("0000000000000000", now).milliseconds() == milliseconds


def test_a_reset_puts_everything_to_the_start() -> None:
    streams = doors("0123456789abcdef")
    first = (streams.bytes(3), streams.float())
    streams.reset({"now": "1970-01-01T00:00:00.000Z", "entropy": "0123456789abcdef"})
    assert (streams.bytes(3), streams.float(), streams.milliseconds()) == (*first, 0)
