//! The streams of the oracle give the numbers that workers in other languages compute for themselves.

use parity_model::{Ambient, AmbientStreams};
use rstest::rstest;
use similar_asserts::assert_eq;

fn streams(entropy: u64) -> AmbientStreams {
    AmbientStreams::new(&Ambient { entropy, ..Ambient::default() })
}

#[rstest]
#[case(0, "afcd1d7b39a820e2f465b9a16a9e786e4f450980185dc406ec814c72a8b88bf89b74a8516a89391b")]
#[case(0x0123_4567_89ab_cdef, "9daa8fa407387a1593d0a1349b5273d5becc6d992eb7902fec67464c3319d4a208809314e94c4001")]
#[case(u64::MAX, "202c651b7771d9e4c982f6db67f89fe9e98172b24cf82f38d282a9cb6cb31d6dae6980572e47a0b4")]
fn bytes_have_no_gaps_between_draws(#[case] entropy: u64, #[case] expected: &str) {
    assert_eq!(streams(entropy).hex(40), expected);
    let mut parts = streams(entropy);
    let drawn: String = [3, 13, 0, 24].map(|count| parts.hex(count)).concat();
    assert_eq!(drawn, expected);
}

#[test]
fn a_uuid_keeps_all_bits_but_six() {
    assert_eq!(streams(0).uuid4(), "afcd1d7b-39a8-40e2-b465-b9a16a9e786e");
    assert_eq!(streams(0x0123_4567_89ab_cdef).uuid4(), "9daa8fa4-0738-4a15-93d0-a1349b5273d5");
}

#[test]
fn floats_and_integers_come_from_a_stream_of_their_own() {
    let mut streams = streams(0x0123_4567_89ab_cdef);
    streams.hex(5);
    assert_eq!([streams.float(), streams.float()], [0.447_055_012_079_546, 0.363_176_570_671_094_43]);
    // 1 + floor(0.5754… * 6) and 1000 + floor(0.6377… * 9000).
    assert_eq!((streams.integer(1, 6), streams.integer(1000, 9999)), (4, 6740));
}

#[test]
fn the_clock_is_that_of_the_call() {
    assert_eq!(streams(0).now(), Ambient::default().now);
}
