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
    [InlineData("CertiFlip.Hosting")]
    [InlineData("CertiFlip.ML")]
    [InlineData("CertiFlip.Onnx")]
    public async Task The_readme_s_program_builds_and_prints_what_is_shown(string id)
    {
        string readme = File.ReadAllText(Repository.File("src", id, "README.md")).ReplaceLineEndings("\n");
        using var folder = new TestFolder();
        IReadOnlyDictionary<string, string> environment = packed.OnlyFeedOf(folder);
        folder.Write("Program.cs", Assert.Single(Blocks(readme, "csharp")));
        foreach ((string name, string table) in Tables.Zip(Blocks(readme, "csv")))
            folder.Write(name, table);
        if (id == "CertiFlip.Onnx")
            WriteImages(folder);
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

    /// <summary>Bitmaps of two by two pixels, and a model that takes the mean of each colour.</summary>
    private static void WriteImages(TestFolder folder)
    {
        folder.Write("features.onnx", TinyModel.OfImages(2).Says("input_mean", "0").Says("input_std", "255").ToBytes());
        for (int i = 0; i < 4; i++)
        {
            Write(Path.Combine("train", "sea", $"{i}.bmp"), red: 20 + i);
            Write(Path.Combine("train", "sand", $"{i}.bmp"), red: 220 + i);
        }

        Write(Path.Combine("test", "a.bmp"), red: 25);
        Write(Path.Combine("test", "b.bmp"), red: 225);

        void Write(string name, int red)
        {
            const int Head = 54, Line = 8;
            byte[] image = new byte[Head + 2 * Line];
            byte[] head =
                [.. "BM"u8, (byte)image.Length, 0, 0, 0, 0, 0, 0, 0, Head, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24];
            head.CopyTo(image, 0);
            for (int i = 0; i < 4; i++)
                new byte[] { 100, 150, (byte)red }.CopyTo(image, Head + i / 2 * Line + i % 2 * 3);
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            folder.Write(name, image);
        }
    }

    private static string[] Blocks(string page, string language) =>
        [
            .. Fenced().Matches(page).Where(match => match.Groups["language"].Value == language)
                .Select(match => match.Groups["content"].Value),
        ];

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<content>.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
