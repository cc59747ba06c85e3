import pytest

from bot.pages.limits import Rate, Slots, Store, TokenBuckets, network_of
from bot.pages.refusals import TooMany


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(buckets: TokenBuckets, key: str, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            buckets.take(key)
        except TooMany:
            break
        count += 1
    return count


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    clock = Seconds()
    buckets = TokenBuckets(Rate(3, 0.5), clock=clock)
    assert taken(buckets, "a", 9) == 3
    clock.now += 2
    assert taken(buckets, "a", 9) == 1
    clock.now += 1000
    assert taken(buckets, "a", 9) == 3


def test_each_key_has_a_bucket_of_its_own() -> None:
    buckets = TokenBuckets(Rate(1, 0.1), clock=Seconds())
    assert [taken(buckets, key, 2) for key in "ab"] == [1, 1]


def test_who_must_wait_is_told_how_long_and_is_not_punished_for_trying() -> None:
    clock = Seconds()
    buckets = TokenBuckets(Rate(1, 0.1), clock=clock)
    buckets.take("a")
    for _ in range(5):
        with pytest.raises(TooMany) as refused:
            buckets.take("a")
        assert refused.value.headers == {"Retry-After": "10"}
    clock.now += 10
    buckets.take("a")


def test_memory_is_bounded() -> None:
    buckets = TokenBuckets(Rate(1, 0.0001), capacity=2, clock=Seconds())
    for key in "abc":
        buckets.take(key)
    assert [taken(buckets, key, 1) for key in "cba"] == [0, 0, 1]


def test_what_is_larger_costs_more() -> None:
    clock = Seconds()
    buckets = TokenBuckets(Rate(100, 10), clock=clock)
    buckets.take("a", 70)
    with pytest.raises(TooMany) as refused:
        buckets.take("a", 50)
    assert refused.value.headers == {"Retry-After": "2"}
    buckets.take("a", 30)


def test_a_store_is_shared_and_given_back() -> None:
    store = Store(100)
    with store.account() as mine:
        mine(60)
        with store.account() as other, pytest.raises(TooMany):
            other(30)
            other(30)
        mine(40)
    with store.account() as next_one:
        next_one(100)


def test_a_slot_is_free_again_after_an_error() -> None:
    slots = Slots(1)
    with pytest.raises(ValueError, match="mine"), slots.hold("a"):
        with pytest.raises(TooMany), slots.hold("a"):
            pass
        with slots.hold("b"):
            raise ValueError("mine")
    with slots.hold("a"), slots.hold("b"):
        pass


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_household_count_as_one(address: str, network: str) -> None:
    assert network_of(address) == network
