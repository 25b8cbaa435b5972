"""What a student finds where the reference solution stood. Shared by the book's build and
nbgrader's configuration.
"""

LANGUAGES = ("ko", "en")

_ASK = {"ko": "여기에 답을 쓰세요.", "en": "Write your answer here."}

# The stub raises, so that an unwritten function is told apart from one that returns None by
# mistake.
CODE_STUB = {lang: f'# {ask}\nraise NotImplementedError("{ask}")' for lang, ask in _ASK.items()}
TEXT_STUB = dict(_ASK)
STUB_MESSAGE = dict(_ASK)
