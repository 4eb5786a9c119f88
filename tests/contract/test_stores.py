"""One suite for every form of the ports: files, cache, queue and hints."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sonde.platform.core.errors import Invalid, NotFound, Unavailable
from sonde.platform.core.identifiers import new_id
from sonde.platform.persistence.cache import ValkeyCache
from sonde.platform.persistence.files import open_files
from sonde.platform.persistence.hints import ValkeyHints, channel_of
from sonde.platform.persistence.memory import MemoryCache, MemoryFiles, MemoryHints, MemoryQueue
from sonde.platform.persistence.queue import CeleryQueue

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="session")
def broker_url(valkey):
    return valkey.url(0)


@pytest.fixture(scope="session")
def cache_url(valkey):
    return valkey.url(1)


@pytest.fixture(scope="session")
def s3_endpoint():
    """An S3-compatible server in this process."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _s3(endpoint, folder):
    import urllib.request

    bucket = f"sonde-{new_id().lower()}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")).close()
    keys = "access_key_id=test&secret_access_key=test&region=us-east-1"
    return open_files(f"s3://{bucket}/tenant?endpoint={endpoint}&{keys}", folder / "fetched")


@pytest.fixture(params=["memory", "folder", "s3"])
def files(request, tmp_path):
    if request.param == "memory":
        store = MemoryFiles()
        yield store
        store.close()
    elif request.param == "folder":
        yield open_files(str(tmp_path / "files"), tmp_path / "fetched")
    else:
        yield _s3(request.getfixturevalue("s3_endpoint"), tmp_path)


class TestFiles:
    def test_what_was_put_is_read_back(self, files, tmp_path):
        source = tmp_path / "whole.bin"
        source.write_bytes(b"\x00\xff" * 1000)
        key = f"signals/{new_id()}.h5"
        assert files.put(key, source) == 2000
        assert files.put("small", b"abc") == 3
        assert files.read(key) == source.read_bytes()
        assert files.local_path(key).read_bytes() == source.read_bytes()
        assert files.local_path(key).read_bytes() == source.read_bytes()
        assert files.exists(key)

    def test_what_is_not_there_is_not_found(self, files):
        assert not files.exists("nothing")
        for look in (files.read, files.local_path):
            with pytest.raises(NotFound):
                look("nothing")
        files.delete("nothing")

    def test_a_deleted_file_is_gone(self, files):
        files.put("short-lived", b"x")
        files.local_path("short-lived")
        files.delete("short-lived")
        assert not files.exists("short-lived")
        with pytest.raises(NotFound):
            files.local_path("short-lived")

    def test_keys_are_listed_by_prefix(self, files):
        for key in ("signals/a.h5", "signals/b.h5", "models/a", "signals-old/c"):
            files.put(key, b"x")
        assert sorted(files.keys("signals/")) == ["signals/a.h5", "signals/b.h5"]
        assert sorted(files.keys("signals/b")) == ["signals/b.h5"]
        assert len(list(files.keys())) == 4

    def test_a_check_leaves_nothing_behind(self, files):
        files.check()
        assert list(files.keys()) == []

    @pytest.mark.parametrize("key", ["../etc/passwd", "/etc/passwd", "a/../../b", "..", "a/..", ""])
    def test_check_22_a_key_never_leaves_the_store(self, files, key):
        if not key:
            key = "../"
        with pytest.raises(Invalid):
            files.put(key, b"x")


@pytest.mark.parametrize(
    "key", ["a#b", "a?b", "%2e%2e/a", "file:x", "a\\b", "a//b", ".hidden", "a/./b", "a\x00", "ä"]
)
def test_check_22_stored_names_are_plain(tmp_path, key):
    store = open_files(f"file://{tmp_path}/files", tmp_path)
    for act in (lambda: store.put(key, b"x"), lambda: store.read(key), lambda: store.delete(key)):
        with pytest.raises(Invalid):
            act()
    with pytest.raises(Invalid):
        store.local_path(key)


def test_only_folders_and_s3_are_stores(tmp_path):
    with pytest.raises(Invalid, match="ftp"):
        open_files("ftp://somewhere", tmp_path)


def test_a_dead_store_is_unavailable(tmp_path):
    keys = "access_key_id=a&secret_access_key=b&region=us-east-1"
    store = open_files(f"s3://bucket?endpoint=http://127.0.0.1:1&{keys}", tmp_path)
    with pytest.raises(Unavailable):
        store.check()


@pytest.fixture(params=["memory", "valkey"])
def cache(request):
    if request.param == "memory":
        yield MemoryCache()
        return
    cache = ValkeyCache.connect(request.getfixturevalue("cache_url"))
    cache.invalidate("")
    yield cache
    cache.client.close()


class TestCache:
    def test_what_was_set_is_there_for_its_time(self, cache):
        assert cache.get("a") is None
        cache.set("a", b"\x00one", 60)
        assert cache.get("a") == b"\x00one"
        cache.set_all({"a": b"two", "b": b"three"}, 60)
        assert (cache.get("a"), cache.get("b")) == (b"two", b"three")
        cache.set_all({}, 60)

    def test_every_entry_has_an_end(self, cache):
        with pytest.raises(Invalid):
            cache.set("a", b"one", 0)

    def test_entries_go_by_prefix(self, cache):
        cache.set("bearings:dataset:1:spectrum", b"x", 60)
        cache.set("bearings:dataset:1:table", b"x", 60)
        cache.set("bearings:dataset:12:table", b"x", 60)
        cache.set("bearings:dataset:*", b"x", 60)
        assert cache.invalidate("bearings:dataset:1:") == 2
        assert cache.invalidate("bearings:dataset:*") == 1
        assert cache.get("bearings:dataset:12:table") == b"x"
        assert cache.invalidate("nothing") == 0

    def test_statistics_count(self, cache):
        before = cache.statistics()
        cache.set("a", b"one", 60)
        cache.get("a")
        cache.get("b")
        after = cache.statistics()
        assert after.hits - before.hits == 1
        assert after.misses - before.misses == 1
        assert after.entries - before.entries == 1

    def test_it_answers_a_check(self, cache):
        cache.check()


def test_memory_forgets_in_time():
    cache = MemoryCache()
    cache.set("a", b"one", 60)
    cache.now_s = 61.0
    assert cache.get("a") is None


def test_a_real_entry_has_its_time_to_live(cache_url):
    cache = ValkeyCache.connect(cache_url)
    cache.set("a", b"one", 60)
    assert 0 < cache.client.ttl("sonde:cache:a") <= 60
    cache.client.close()


def test_a_dead_cache_is_an_empty_one():
    cache = ValkeyCache.connect(NOBODY)
    cache.set("a", b"one", 60)
    assert cache.get("a") is None
    assert cache.invalidate("") == 0
    assert cache.statistics().entries == 0
    with pytest.raises(Unavailable):
        cache.check()


@pytest.fixture(params=["memory", "celery"])
def queues(request):
    """A queue that works and one that is down."""
    if request.param == "memory":
        return MemoryQueue(), MemoryQueue(is_down=True)
    return CeleryQueue.connect(request.getfixturevalue("broker_url")), CeleryQueue.connect(NOBODY)


class TestQueue:
    def test_it_takes_a_wake(self, queues):
        working, _ = queues
        working.check()
        working.wake("contract", new_id())

    def test_a_dead_one_says_so(self, queues):
        _, dead = queues
        for act in (dead.check, lambda: dead.wake("contract", new_id())):
            with pytest.raises(Unavailable):
                act()


def test_a_wake_carries_the_id_and_nothing_else(broker_url):
    import base64
    import json

    queue = CeleryQueue.connect(broker_url)
    queue.client.delete("contract")
    queue.wake("contract", "01J")
    message = json.loads(queue.client.rpop("contract"))
    assert message["headers"]["task"] == "sonde.run_job"
    assert json.loads(base64.b64decode(message["body"]))[:2] == [["01J"], {}]


def test_hints_reach_who_listens(cache_url):
    hints = ValkeyHints.connect(cache_url)
    listener = hints.client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(channel_of("u1"))
    listener.get_message(timeout=1.0)
    hints.publish("u2", "jobs")
    hints.publish("u1", "jobs")
    messages = [listener.get_message(timeout=1.0) for _ in range(2)]
    assert [message["data"] for message in messages if message] == [b"jobs"]
    listener.close()
    hints.client.close()


def test_lost_hints_hurt_nobody():
    ValkeyHints.connect(NOBODY).publish("u1", "jobs")
    memory = MemoryHints()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(memory.publish, "u1", "jobs").result()
    assert memory.published == [("u1", "jobs")]
