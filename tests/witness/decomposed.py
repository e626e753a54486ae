"""Eigenvalues, singular values and factors of a matrix of rational or floating numbers, by mpmath."""

import mpmath
import sympy as sp

PRECISE = 110
SINGULAR = {"sigmamax", "leftvector", "rightvector", "nuclear", "polar"}
EIGEN = {"eigmax", "eigmin", "eigvecmax", "eigvecmin"}
NUMERIC = {*SINGULAR, *EIGEN, "cholesky", "pinv"}


class NoValue(Exception):
    """There is no value at this point, or more than one."""


def floats(x):
    """Return a matrix of mpmath."""
    entries = [sp.N(y, PRECISE) for y in x]
    if not all(y.is_real for y in entries):
        raise NoValue
    return mpmath.matrix(
        [[mpmath.mp.make_mpf(sp.Float(entries[i * x.cols + j], PRECISE)._mpf_) for j in range(x.cols)] for i in range(x.rows)]
    )


def exact(x):
    """Return a matrix of SymPy; raise where it is not real."""
    if any(abs(mpmath.im(y)) > mpmath.mpf(10) ** (-PRECISE // 2) for y in x):
        raise NoValue
    return sp.Matrix(x.rows, x.cols, lambda i, j: sp.Float(mpmath.re(x[i, j]), PRECISE))


def numeric(op, x):
    """Return the value of an operator that mpmath knows."""
    with mpmath.workdps(PRECISE):
        x = floats(x)
        if op in EIGEN:
            return exact(eigen(op, x))
        if op in SINGULAR:
            return exact(singular(op, x))
        if op == "cholesky":
            return exact(mpmath.cholesky(x))
        left, values, right = mpmath.svd_r(x)
        least = max(values) * mpmath.mpf(10) ** (-PRECISE // 2)  # what is smaller is a zero of the rank
        return exact(right.T * mpmath.diag([1 / y if y > least else 0 for y in values]) * left.T)


def eigen(op, x):
    values, vectors = mpmath.eigsy(x)
    k = max(range(x.rows), key=lambda i: values[i] if op.endswith("max") else -values[i])
    return directed(vectors[:, k])[0] if op.startswith("eigvec") else mpmath.matrix([values[k]])


def directed(vector):
    """Return a vector and its sign: the entry of the largest size is made positive."""
    sign = mpmath.sign(max(vector, key=abs))
    return sign * vector, sign


def singular(op, x):
    left, values, right = mpmath.svd_r(x)
    k = max(range(len(values)), key=lambda i: values[i])
    column, sign = directed(right[k, :].T)
    match op:
        case "sigmamax":
            return mpmath.matrix([values[k]])
        case "nuclear":
            return mpmath.matrix([mpmath.fsum(values)])
        case "polar":
            return left * right
    return column if op == "rightvector" else sign * left[:, k]


def by_mpmath(f, x):
    """Return a function of a matrix that mpmath computes."""
    with mpmath.workdps(PRECISE):
        return exact(f(floats(x)))
