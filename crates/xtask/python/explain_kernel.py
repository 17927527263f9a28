"""A stand-in for a kernel that could not start: it answers with the reason, at length only once."""

import os
from typing import ClassVar

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

REASON = os.environ.get("LATENT_REASON", "No reason was given.")
ONCE = f"The Rust kernel could not start.\n\n{REASON}\n\nThen restart the kernel (menu Kernel > Restart)."
AGAIN = "The Rust kernel could not start; the first cell that you ran says why."


class ExplainKernel(Kernel):
    implementation = "latent-explain"
    implementation_version = "1"
    banner = "The Rust kernel could not start"
    language_info: ClassVar = {"name": "Rust", "mimetype": "text/rust", "file_extension": ".rs"}
    told = False

    def do_execute(self, code, silent, store_history=True, user_expressions=None, **_):
        error = {"ename": "KernelError", "evalue": "the Rust kernel could not start"}
        error["traceback"] = [AGAIN if self.told else ONCE]
        self.told = True
        self.send_response(self.iopub_socket, "error", error)
        return {"status": "error", "execution_count": self.execution_count, **error}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=ExplainKernel)
