"""`python -m book.bilingual.publish OUT`."""

import sys

from book.bilingual.publish.publish import main

sys.exit(main())
