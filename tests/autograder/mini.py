"""A small module assignment in the shape of ex03, on which tests prove the case format."""

from pathlib import Path

from autograder.exercise import Exercise, parse

HINT = "hint: {ko: 힌트입니다, en: a hint}"

MODULE = f"""
```{{code-cell}} ipython3
import torch
import torch.nn as nn
```

```{{code-cell}} ipython3
:grade: {{solution: ModernGAPCNN}}
class ModernGAPCNN(nn.Module):
    ### BEGIN SOLUTION
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 1, 1)
        self.conv2 = nn.Conv2d(64, 128, 3, 2, 1)
        self.fc = nn.Linear(128, num_classes)

    def forward(self, x):
        x = self.conv2(self.conv1(x).relu()).relu()
        return self.fc(x.mean(dim=(2, 3)))
    ### END SOLUTION
```

```{{code-cell}} ipython3
:grade: {{test: test_ModernGAPCNN, points: 20}}
model = ModernGAPCNN(5)
```

```{{raw-cell}}
:cases: test_ModernGAPCNN

- id: forward
  kind: module
  construct: {{call: ModernGAPCNN, args: [{{integer: [2, 12]}}]}}
  passes:
    - {{args: [{{shape: [2, 3, 8, 8]}}], mode: eval}}
    - {{args: [{{shape: [1, 3, "2..7", 9]}}], mode: train, gradients: true}}
  roundtrip: true
  {HINT}
```
"""


def exercise(text: str = MODULE, name: str = "ex99_mini") -> Exercise:
    """Parse the text of a source as an assignment."""
    return parse(name, text, Path(f"{name}.md"))
