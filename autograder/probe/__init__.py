"""What runs in the STUDENT's process: build values from a request, call the student's code, report
plain data.

Theory of operation. The sources of this folder are sent into the student's process (or imported, by
the plain in-process runner) and `entry.answer` is called there once per request. They need the
standard library, NumPy and torch (`wire` and `packages` the first alone), and know no expected
value, tolerance or hint: they do what the request's steps say and describe the results. The trusted
side runs the very same function on the reference solution and compares the two replies, so a
student who tampers with this process can change their own replies but not what they are compared
with.

Requests and replies are typed in `messages`. A step is a function of `steps`; what it can show of
an object, one of `shows`. `autograder/CASES.md` lists the steps, the values that can be built and
the fixtures.
"""
