"""What a command prints arrives, or the command fails; what it quotes neither fills nor controls the terminal."""

import os
import subprocess
import unittest

from hypnos_process import BAD_INPUT, HYPNOS, MOCK, SOME_FAILED, ProcessTest, write_message

import h5py


class FullOutput(ProcessTest):
    def setUp(self):
        super().setUp()
        self.succeed("run", self.job(experiment="curie-weiss", a="0.1:3:0.1"), "-o", "x.h5")

    def test_every_command_notices_that_its_output_is_lost(self):
        commands = [["list"], ["describe", "curie-weiss"], ["plan", "job.ini"], ["status", "x.h5"], ["show", "x.h5"],
                    ["show", "x.h5", "--csv"], ["show", "x.h5", "Cv_curve"], ["verify", "x.h5"], ["reduce", "x.h5"],
                    ["replay", "x.h5", "--task", "0"], ["run", "job.ini", "-o", "x.h5", "--quiet"], ["help"],
                    ["--version"]]
        for words in commands:
            with self.subTest(words):
                with open("/dev/full", "w") as full:
                    answer = subprocess.run(self.command(*words), cwd=self.folder, env=self.environment, stdout=full,
                                            stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertEqual(answer.returncode, BAD_INPUT, answer.stderr)
                self.assertEqual(answer.stderr.splitlines()[-1],
                                 "hypnos: the output could not be written: No space left on device")

    def test_a_closed_output_is_not_the_store(self):
        # the next file that is opened would have the number of the stream
        before = self.files()
        script = f"{HYPNOS} run job.ini -o x.h5 --quiet >&-"
        answer = subprocess.run(["sh", "-c", script], cwd=self.folder, env=self.environment, capture_output=True,
                                text=True, timeout=60)
        self.assertEqual(answer.returncode, BAD_INPUT, answer)
        self.assertIn("the output could not be written", answer.stderr)
        self.succeed("verify", "x.h5")
        self.assertEqual(sorted(self.files()), sorted(before))


class Quotes(ProcessTest):
    program = MOCK

    def test_failure_messages_do_not_control_the_terminal(self):
        job = self.job(experiment="mock", steps=1, realizations=2, fail=1)
        self.assertEqual(self.hypnos("run", job, "-o", "x.h5").code, SOME_FAILED)
        with h5py.File(self.folder / "x.h5", "r+") as file:
            write_message(file, 0, "\x1b[2Jred\x07")
            file.attrs["experiment"] = "mock\x1b[31m"
        answer = self.hypnos("status", "x.h5")
        self.assertIn("task 1: \\x1b[2Jred\\x07", answer.out)
        for words in (["status", "x.h5"], ["verify", "x.h5"], ["show", "x.h5"]):
            answer = self.hypnos(*words)
            self.assertNotIn("\x1b", answer.out + answer.err)

    def test_a_long_value_is_not_echoed_whole(self):
        (self.folder / "job.ini").write_text(f"experiment = mock\nsteps = {'7' * 1_000_000}\n")
        answer = self.hypnos("run", "job.ini")
        self.assertEqual(answer.code, BAD_INPUT)
        self.assertLess(len(answer.err), 1200)
        self.assertIn("job.ini:2: steps = 777", answer.err)
        self.assertIn(", but steps must be a whole number", answer.err)

    def test_many_unknown_keys(self):
        lines = "".join(f"key{k} = {k}\n" for k in range(20000))
        (self.folder / "job.ini").write_text("experiment = mock\n" + lines)
        before = os.times()
        answer = self.hypnos("run", "job.ini")
        after = os.times()
        self.assertIn("job.ini:2: unknown parameter 'key0'", answer.err)
        used = after.children_user - before.children_user
        self.assertLess(used, 2)  # s; every line is read a few times: 0.1 s. Comparing all pairs of lines takes 16 s.


if __name__ == "__main__":
    unittest.main()
