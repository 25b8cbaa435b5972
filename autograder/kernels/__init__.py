"""Warm kernels: a fork server that has imported torch already, and clients of it. Usable without
the grading engine.

`ForkServer`: start one. `WarmKernel`: one forked kernel. `provisioner.WarmProvisioner`: the same
for everything that speaks jupyter_client (nbval, nbclient, Jupyter Book), by the kernelspec
`course-warm`. Imports nothing heavy: the fork server itself loads this package.
"""
