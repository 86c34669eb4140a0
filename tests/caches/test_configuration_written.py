"""Configuration that a RUN writes counts for what comes after it."""

import pytest

from tests.caches.verdicts import LEFT, OFF, verdicts

CONFIG = r"[global]\nno-cache-dir = true\n"
TWO_LINES = "echo '[global]'; echo 'no-cache-dir = true'"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([f"RUN printf '{CONFIG}' > /etc/pip.conf"], OFF, id="printf"),
        pytest.param([f"RUN printf '{CONFIG}' > /etc/pip.cfg"], LEFT, id="another file"),
        pytest.param([f"RUN printf '{CONFIG}' | tee /etc/pip.conf"], OFF, id="tee"),
        pytest.param([f"RUN printf '{CONFIG}' > /pip.conf", "RUN mv /pip.conf /etc/"], OFF, id="moved into a folder"),
        pytest.param([f"RUN printf '{CONFIG}' > /pip.conf && cp /pip.conf /etc/pip.conf"], OFF, id="copied to a name"),
        pytest.param(
            [f"RUN printf '{CONFIG}' > /etc/pip.conf", "RUN sed -i s/true/false/ /etc/pip.conf"], LEFT, id="edited"
        ),
        pytest.param([f"RUN cd /etc/apt && printf '{CONFIG}' > ../pip.conf"], OFF, id="from a folder beside it"),
        pytest.param([f"RUN cd /etc && printf '{CONFIG}' | tee ././/pip.conf"], OFF, id="a path that is not normal"),
        pytest.param([f"RUN printf '{CONFIG}' > /pip.conf && cp /pip.conf /etc"], OFF, id="copied into a folder"),
        pytest.param(
            ["RUN pip config set global.no-cache-dir 1 && mv /root/.config/pip/pip.conf /tmp/a"], LEFT, id="moved away"
        ),
        pytest.param([f"RUN if x; then printf '{CONFIG}' > /etc/pip.conf; fi"], LEFT, id="perhaps"),
        pytest.param(["RUN tee /etc/pip.conf <<E", "[global]", "no-cache-dir = 1", "E"], OFF, id="tee of a document"),
        pytest.param(["RUN tee /etc/pip.conf < x"], LEFT, id="tee of a file"),
        pytest.param([f"RUN {{ {TWO_LINES}; }} > /etc/pip.conf"], OFF, id="a group"),
        pytest.param([f"RUN ( {TWO_LINES} ) > /etc/pip.conf"], OFF, id="a subshell"),
        pytest.param([f"RUN {{ {TWO_LINES}; }} >| /etc/pip.conf"], OFF, id="a group over what is there"),
        pytest.param(['SHELL ["bash", "-c"]', f"RUN {{ {TWO_LINES}; }} &> /etc/pip.conf"], OFF, id="both of a group"),
        pytest.param([f"RUN w() {{ {TWO_LINES}; }}; w > /etc/pip.conf"], OFF, id="a function"),
        pytest.param([f'RUN eval "{TWO_LINES}" > /etc/pip.conf'], OFF, id="eval"),
        pytest.param([f'RUN sh -c "{TWO_LINES}" > /etc/pip.conf'], OFF, id="a shell"),
        pytest.param(["RUN sh > /etc/pip.conf <<E", TWO_LINES, "E"], OFF, id="a shell that reads its script"),
        pytest.param(
            ["RUN echo '[global]' > /etc/pip.conf; { :; echo 'no-cache-dir = true'; } > /etc/pip.conf"],
            LEFT,
            id="a group that empties the file",
        ),
        pytest.param(
            [f"RUN {{ {TWO_LINES}; }} > /etc/pip.conf; {{ ls; echo x; }} > /etc/pip.conf"],
            LEFT,
            id="a group of which the first prints what is not known",
        ),
        pytest.param(['COPY ["pip.conf", "/etc/pip.conf"]'], LEFT, id="copied from a context that is not known"),
        pytest.param(["RUN pip config set global.no-cache-dir"], LEFT, id="config set to nothing"),
        pytest.param(["RUN echo '[global]' > /etc/pip.conf && echo 'no-cache-dir=1' >> /etc/pip.conf"], OFF, id="echo"),
        pytest.param(["RUN cat <<E > /etc/pip.conf", "[global]", "no-cache-dir = yes", "E"], OFF, id="a here-document"),
        pytest.param(["COPY <<E /etc/pip.conf", "[install]", "no_cache_dir = yes", "E"], OFF, id="copied"),
        pytest.param(["COPY <<E /etc/pip.conf", "[download]", "no-cache-dir = yes", "E"], LEFT, id="another section"),
        pytest.param(["COPY <<E /etc/pip.conf", "no-cache-dir = yes", "E"], LEFT, id="no section"),
        pytest.param(["RUN pip config set global.no-cache-dir true"], OFF, id="config set"),
        pytest.param(["RUN pip config --global set install.no-cache-dir 1"], OFF, id="config set for all"),
        pytest.param(
            ["RUN pip config set global.no-cache-dir 1 && pip config unset global.timeout; true"],
            OFF,
            id="config unset of what is not set",
        ),
        pytest.param(["RUN pip config set global.no-cache-dir 1 && rm -rf /root/.config"], LEFT, id="and removed"),
        pytest.param(
            ["RUN pip config set global.no-cache-dir 1", "USER app"],
            ["left /home/app/.cache/pip"],
            id="of another user",
        ),
        pytest.param(["RUN pip config set global.cache-dir /c"], ["left /c"], id="another directory"),
        pytest.param(["RUN x && pip config set global.no-cache-dir $(y)"], LEFT, id="an unknown value"),
        pytest.param(["RUN if x; then pip config set global.no-cache-dir 1; fi"], LEFT, id="maybe"),
        pytest.param(
            ["RUN pip config set global.no-cache-dir 1", "ENV PIP_CONFIG_FILE=/dev/null"], LEFT, id="no file is read"
        ),
        pytest.param([f"RUN printf '{CONFIG}' > /p", "ENV PIP_CONFIG_FILE=/p"], LEFT, id="a name of no interest"),
        pytest.param(
            [f"RUN printf '{CONFIG}' > /x/pip.conf", "ENV PIP_CONFIG_FILE=/x/pip.conf"], OFF, id="named by the variable"
        ),
    ],
)
def test_configuration(lines: list[str], expected: list[str]) -> None:
    assert verdicts(*lines, "RUN pip install x") == expected
