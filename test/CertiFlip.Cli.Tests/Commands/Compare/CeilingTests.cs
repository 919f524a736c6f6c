using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Compare;

/// <summary>The largest median that any method can have is named and drawn, where classes are alike.</summary>
public class CeilingTests
{
    [Theory]
    [InlineData("certify --certificates exact", "--test")]
    [InlineData("compare --methods exact", "--test")]
    [InlineData("frontier --heads saturated-ridge --components 2", "--validation")]
    public async Task It_is_named_in_json_and_drawn_in_the_report(string command, string test)
    {
        using var folder = new TestFolder();
        SmallData.WriteTo(folder);
        string[] head = command.StartsWith("frontier", StringComparison.Ordinal) ? [] : ["--head", "saturated-ridge"];
        Invocation invocation = await Invocation.Of(
            [
                .. command.Split(' '), .. head, "--train", folder["train.csv"], test, folder["test.csv"], "--json",
                "--report", folder["report.html"],
            ]);
        using var document = JsonDocument.Parse(invocation.Output);
        Assert.Equal(19, document.RootElement.GetProperty("median_ceiling").GetDouble()); // 20 rows of each of two classes.
        string page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("<line class=\"ceiling\"", page, StringComparison.Ordinal);
        Assert.Contains("no method that treats class names alike has a median radius above 19", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--direction ham>spam")]
    [InlineData("--class-prior ham=0.4,spam=0.6")]
    public async Task Where_classes_are_not_alike_there_is_none(string options)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(
            [.. SmallData.WriteTo(folder), .. options.Split(' '), "--json", "--report", folder["report.html"]]);
        Assert.DoesNotContain("median_ceiling", invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"ceiling\"", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
    }
}
