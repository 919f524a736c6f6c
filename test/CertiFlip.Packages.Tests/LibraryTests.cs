using System.Text.RegularExpressions;
using CertiFlip.Packages.Tests.Support;

namespace CertiFlip.Packages.Tests;

/// <summary>The libraries, in a program of somebody who has only the packages: the one in each README.</summary>
public sealed partial class LibraryTests(PackedPackages packed)
{
    private static readonly string[] Tables = ["train.csv", "test.csv"];

    [Theory]
    [InlineData("CertiFlip")]
    [InlineData("CertiFlip.Data")]
    [InlineData("CertiFlip.Columnar")]
    public async Task The_readme_s_program_builds_and_prints_what_is_shown(string id)
    {
        string readme = File.ReadAllText(Repository.File("src", id, "README.md")).ReplaceLineEndings("\n");
        using var folder = new TestFolder();
        IReadOnlyDictionary<string, string> environment = packed.OnlyFeedOf(folder);
        folder.Write("Program.cs", Assert.Single(Blocks(readme, "csharp")));
        foreach ((string name, string table) in Tables.Zip(Blocks(readme, "csv")))
            folder.Write(name, table);
        folder.Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="{id}" Version="{packed.Version}" /></ItemGroup>
            </Project>
            """);
        Assert.Equal(Assert.Single(Blocks(readme, "text")), await DotnetCommand.Run("dotnet", folder.Path, environment, "run"));
    }

    private static string[] Blocks(string page, string language) =>
        [
            .. Fenced().Matches(page).Where(match => match.Groups["language"].Value == language)
                .Select(match => match.Groups["content"].Value),
        ];

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<content>.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
