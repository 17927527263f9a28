"""A stand-in for a kernel that could not start: it answers every cell with the reason."""

import os
from typing import ClassVar

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

REASON = os.environ.get("LATENT_REASON", "No reason was given.")
ADVICE = (
    "The Rust kernel could not start.\n\n"
    f"{REASON}\n\n"
    "What to do: close JupyterLab, run `cargo xtask lab --check` in a terminal in the course's folder, "
    "then `cargo xtask lab`, which mends what it can. Then restart the kernel."
)


class ExplainKernel(Kernel):
    implementation = "latent-explain"
    implementation_version = "1"
    banner = "The Rust kernel could not start"
    language_info: ClassVar = {"name": "Rust", "mimetype": "text/rust", "file_extension": ".rs"}

    def do_execute(self, code, silent, store_history=True, user_expressions=None, **_):
        error = {"ename": "KernelError", "evalue": "the Rust kernel could not start"}
        error["traceback"] = [ADVICE]
        self.send_response(self.iopub_socket, "error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=ExplainKernel)
