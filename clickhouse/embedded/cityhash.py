"""CityHash128 at version 1.0.2, which ClickHouse's own block compression checks its blocks with and no package here has.

Source: ClickHouse, contrib/cityhash102/src/city.cc. Compiled at its first use: only a server that a client asks for such
blocks pays for it. All numbers are unsigned and wrap at 64 bits, so every constant is typed: numba makes floats of a mix.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numba import njit

U = np.uint64
K0, K1, K2, K3 = U(0xC3A5C85C97CB3127), U(0xB492B66FBE98F273), U(0x9AE16A3B2F90404F), U(0xC949D7C7509E6557)
MULTIPLIER = U(0x9DDFEA08EB382D69)

Bytes = np.ndarray
Word = Any  # an unsigned number of 64 bits; compiled functions have no types


def city_hash_128(data: bytes | bytearray | memoryview) -> bytes:
    """The hash as a block carries it: 16 bytes, the low half first, each little-endian."""
    return struct.pack("<QQ", *_hash(np.frombuffer(data, np.uint8)))


@njit(cache=True)
def _rotate(value: Word, shift: int) -> Word:
    return value if shift == 0 else (value >> U(shift)) | (value << U(64 - shift))


@njit(cache=True)
def _mix(value: Word) -> Word:
    return value ^ (value >> U(47))


@njit(cache=True)
def _join(u: Word, v: Word) -> Word:
    a = _mix((u ^ v) * MULTIPLIER)
    return _mix((v ^ a) * MULTIPLIER) * MULTIPLIER


@njit(cache=True)
def _read(data: Bytes, at: int) -> Word:
    value = U(0)
    for n in range(8):
        value |= U(data[at + n]) << U(8 * n)
    return value


@njit(cache=True)
def _read_half(data: Bytes, at: int) -> Word:
    value = U(0)
    for n in range(4):
        value |= U(data[at + n]) << U(8 * n)
    return value


@njit(cache=True)
def _short(data: Bytes) -> Word:
    """Up to 16 bytes in 64 bits."""
    size = data.shape[0]
    if size > 8:
        b = _read(data, size - 8)
        return _join(_read(data, 0), _rotate(b + U(size), size)) ^ b
    if size >= 4:
        return _join(U(size) + (_read_half(data, 0) << U(3)), _read_half(data, size - 4))
    if size > 0:
        y = U(data[0]) + (U(data[size >> 1]) << U(8))
        z = U(size) + (U(data[size - 1]) << U(2))
        return _mix(y * K2 ^ z * K3) * K2
    return K2


@njit(cache=True)
def _murmur(data: Bytes, low: Word, high: Word) -> tuple[Word, Word]:
    """Fewer than 128 bytes."""
    size, a, b = data.shape[0], low, high
    if size <= 16:
        a = _mix(a * K1) * K1
        c = b * K1 + _short(data)
        d = _mix(a + (_read(data, 0) if size >= 8 else c))
    else:
        c = _join(_read(data, size - 8) + K1, a)
        d = _join(b + U(size), c + _read(data, size - 16))
        a += d
        for at in range(0, size - 16, 16):
            a = (a ^ _mix(_read(data, at) * K1) * K1) * K1
            b ^= a
            c = (c ^ _mix(_read(data, at + 8) * K1) * K1) * K1
            d ^= c
    a, b = _join(a, c), _join(d, b)
    return a ^ b, _join(b, a)


@njit(cache=True)
def _weak(data: Bytes, at: int, a: Word, b: Word) -> tuple[Word, Word]:
    """32 bytes and two seeds, quick and dirty."""
    a += _read(data, at)
    b = _rotate(b + a + _read(data, at + 24), 21)
    c = a
    a += _read(data, at + 8) + _read(data, at + 16)
    return a + _read(data, at + 24), b + _rotate(a, 44) + c


@njit(cache=True)
def _long(data: Bytes, low: Word, high: Word) -> tuple[Word, Word]:
    """128 bytes or more."""
    size, x, y = data.shape[0], low, high
    z = U(size) * K1
    v0 = _rotate(y ^ K1, 49) * K1 + _read(data, 0)
    v1 = _rotate(v0, 42) * K1 + _read(data, 8)
    w0 = _rotate(y + z, 35) * K1 + x
    w1 = _rotate(x + _read(data, 88), 53) * K1
    whole = size - size % 128
    for at in range(0, whole, 64):
        x = _rotate(x + y + v0 + _read(data, at + 16), 37) * K1 ^ w1
        y = _rotate(y + v1 + _read(data, at + 48), 42) * K1 ^ v0
        z = _rotate(z ^ w0, 33)
        v0, v1 = _weak(data, at, v1 * K1, x + w0)
        w0, w1 = _weak(data, at + 32, z + w1, y)
        z, x = x, z
    y += _rotate(w0, 37) * K0 + z
    x += _rotate(v0 + z, 49) * K0
    for at in range(size - 32, whole - 32, -32):
        y = _rotate(y - x, 42) * K0 + v1
        w0 += _read(data, at + 16)
        x = _rotate(x, 49) * K0 + w0
        w0 += v0
        v0, v1 = _weak(data, at, v0, v1)
    x, y = _join(x, v0), _join(y, w0)
    return _join(x + v1, w1) + y, _join(x + w1, y + v1)


@njit(cache=True)
def _hash(data: Bytes) -> tuple[Word, Word]:
    size = data.shape[0]
    if size >= 16:
        low, high, rest = _read(data, 0) ^ K3, _read(data, 8), data[16:]
    elif size >= 8:
        low, high, rest = _read(data, 0) ^ (U(size) * K0), _read(data, size - 8) ^ K1, data[:0]
    else:
        low, high, rest = K0, K1, data
    found: tuple[Word, Word] = _murmur(rest, low, high) if rest.shape[0] < 128 else _long(rest, low, high)
    return found
