"""파라미터마다 구한 코사인의 평균.

language: ko
points: 74
loses:
  test_gradient_cosine: "파라미터마다 코사인을 구해 평균 냈습니다"
  test_gradient_cosine__unreached: "닿지 않는 파라미터의 기울기는 0으로"
"""


# cell: gradient_cosine
def gradient_cosine(losses, shared):
    trained = [p for p in shared.parameters() if p.requires_grad]
    sides = [
        torch.autograd.grad(loss, trained, retain_graph=True, materialize_grads=True)
        for loss in losses
    ]
    cosines = [F.cosine_similarity(a.flatten(), b.flatten(), dim=0).item() for a, b in zip(*sides)]
    return sum(cosines) / len(cosines)
