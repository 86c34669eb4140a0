"""NuGet's feed with a package and a tool, and a project that asks for the package."""

import json

from tests.oracle.programs import archives

_FRAMEWORK = "netcoreapp3.1"
_TOOL_SETTINGS = (
    '<DotNetCliTool Version="1"><Commands><Command Name="tinytool" EntryPoint="tinytool.dll" Runner="dotnet" />'
    "</Commands></DotNetCliTool>"
)


def feed(address: str) -> dict[str, bytes]:
    """What a server at `address` has for NuGet, by path (NuGet's server API, version 3)."""
    resources = [
        {"@id": f"{address}/nuget/packages/", "@type": "PackageBaseAddress/3.0.0"},
        {"@id": f"{address}/nuget/registrations/", "@type": "RegistrationsBaseUrl"},
    ]
    found = {"/nuget/index.json": json.dumps({"version": "3.0.0", "resources": resources}).encode()}
    tool = "<packageTypes><packageType name='DotnetTool' /></packageTypes>"
    folder = f"tools/{_FRAMEWORK}/any"
    contents = {
        "tiny": ("", {"lib/netstandard2.0/_._": ""}),
        "tinytool": (tool, {f"{folder}/DotnetToolSettings.xml": _TOOL_SETTINGS, f"{folder}/tinytool.dll": ""}),
    }
    for name, (more, files) in contents.items():
        specification = (
            f"<package><metadata><id>{name}</id><version>1.0.0</version><authors>oracle</authors>"
            f"<description>{name}</description>{more}</metadata></package>"
        )
        package = f"{address}/nuget/packages/{name}/1.0.0/{name}.1.0.0.nupkg"
        entry = {"id": name, "version": "1.0.0", "packageContent": package, "listed": True}
        leaf = {"catalogEntry": entry, "packageContent": package}
        page = {"count": 1, "lower": "1.0.0", "upper": "1.0.0", "items": [leaf]}
        found |= {
            f"/nuget/packages/{name}/index.json": json.dumps({"versions": ["1.0.0"]}).encode(),
            f"/nuget/packages/{name}/1.0.0/{name}.nuspec": specification.encode(),
            f"/nuget/packages/{name}/1.0.0/{name}.1.0.0.nupkg": archives.zipped(
                {f"{name}.nuspec": specification, **files}
            ),
            f"/nuget/registrations/{name}/index.json": json.dumps({"count": 1, "items": [page]}).encode(),
        }
    return found


def project(address: str) -> dict[str, str]:
    """A program that needs the package, below /srv; what it fetches comes from the server at `address`."""
    sources = f'<packageSources><clear /><add key="oracle" value="{address}/nuget/index.json" /></packageSources>'
    properties = f"<OutputType>Exe</OutputType><TargetFramework>{_FRAMEWORK}</TargetFramework>"
    needed = '<PackageReference Include="tiny" Version="1.0.0" />'
    tool = {"version": "1.0.0", "commands": ["tinytool"]}
    return {
        "net/nuget.config": f"<configuration>{sources}</configuration>",
        "net/app/app.csproj": f'<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>{properties}</PropertyGroup>'
        f"<ItemGroup>{needed}</ItemGroup></Project>",
        "net/app/main.cs": "class Program { static void Main() { } }\n",
        "net/tool/.config/dotnet-tools.json": json.dumps({"version": 1, "isRoot": True, "tools": {"tinytool": tool}}),
    }
