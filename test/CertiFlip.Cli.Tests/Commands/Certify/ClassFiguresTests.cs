using System.Globalization;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Every accuracy stands beside what it must be compared with.</summary>
public class ClassFiguresTests
{
    private const string Warning = "Every row is predicted benign, none malware: the accuracy is only the share of";

    [Theory]
    [InlineData("certify --certificates exact", "--test", "--report")]
    [InlineData("certify", "--test", "--report")]
    [InlineData("compare --methods exact,kl", "--test", "--report")]
    [InlineData("frontier --heads ridge --components 2", "--validation", "--report")]
    [InlineData("attack --attacks witness", "--test", null)]
    public async Task A_classifier_that_answers_the_commonest_class_for_every_row_is_called_that(
        string command, string test, string? report)
    {
        using var folder = new TestFolder();
        string[] arguments = Imbalanced(folder, command.Split(' '), test);
        Invocation invocation = await Invocation.Of([.. arguments, .. report is null ? [] : (string[])[report, folder["report.html"]]]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains(Warning, invocation.Output, StringComparison.Ordinal);
        Assert.Matches(@"always benign +95\.0 %", invocation.Output);
        Assert.Matches(@"(?m)^ +benign +57 +60 +100\.0 %", invocation.Output);
        Assert.Matches(@"(?m)^ +malware +3 +0 +0\.0 % +0\.0 ", invocation.Output);
        Assert.All(invocation.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        if (report is not null)
        {
            string page = File.ReadAllText(folder["report.html"]);
            Assert.Contains($"<p class=\"note\">{Warning} benign among these rows.</p>", page, StringComparison.Ordinal);
            Assert.Contains("<section id=\"classes\"", page, StringComparison.Ordinal);
            Assert.Contains("<tr><th scope=\"row\">malware</th><td>3</td><td>0</td><td>0.0 %</td>", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("certify", "--test", "certificates/0")]
    [InlineData("compare --methods exact", "--test", "certificates/0/curve")]
    [InlineData("frontier --heads ridge --components 2", "--validation", "settings/0")]
    [InlineData("attack --attacks witness", "--test", "classifiers/0")]
    public async Task Json_has_the_commonest_class_the_balanced_figure_and_every_class(string command, string test, string place)
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Imbalanced(folder, command.Split(' '), test), "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        JsonElement commonest = document.RootElement.GetProperty("commonest_class");
        Assert.Equal(("benign", 0.95), (commonest.GetProperty("class").GetString(), commonest.GetProperty("accuracy").GetDouble()));
        JsonElement curve = place.Split('/').Aggregate(
            document.RootElement, (element, step) => int.TryParse(step, out int index) ? element[index] : element.GetProperty(step));
        Assert.Equal((0.95, 0.5), (curve.GetProperty("accuracy").GetDouble(), curve.GetProperty("balanced_accuracy").GetDouble()));
        JsonElement[] classes = [.. curve.GetProperty("by_class").EnumerateArray()];
        Assert.Equal(
            [("benign", 57, 60, 1), ("malware", 3, 0, 0)],
            classes.Select(one => (
                one.GetProperty("class").GetString(), one.GetProperty("rows").GetInt32(), one.GetProperty("predicted").GetInt32(),
                one.GetProperty("accuracy").GetDouble())));

        // The classes together are all rows, at every number of flips that the whole curve has.
        string points = curve.TryGetProperty("certified_accuracy", out _) ? "certified_accuracy" : "under_attack";
        string value = points == "under_attack" ? "accuracy" : "value";
        double[][] of = [.. classes.Select(one => ValuesOf(one, points, value))];
        double[] all = ValuesOf(curve, points, value), balanced = ValuesOf(curve, points, "balanced");
        for (int i = 0; i < all.Length; i++)
        {
            Assert.Equal(all[i], (57 * of[0][i] + 3 * of[1][i]) / 60, 12);
            Assert.Equal(balanced[i], (of[0][i] + of[1][i]) / 2, 12);
        }
    }

    [Fact]
    public async Task The_commonest_class_of_the_training_labels_is_named_if_it_is_another()
    {
        using var folder = new TestFolder();
        string[] arguments =
        [
            "certify", "--train", folder.Write("train.csv", SmallData.Csv(41)), "--test",
            folder.Write("test.csv", "a,b,label\n1,0,spam\n"),
        ];
        Invocation invocation = await Invocation.Of([.. arguments, "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        Assert.Equal("ham", document.RootElement.GetProperty("commonest_class").GetProperty("in_training").GetString());
        invocation = await Invocation.Of(arguments);
        string words = invocation.Output.ReplaceLineEndings(" ");
        Assert.Contains("Every row is predicted spam and is spam: these rows do not show whether", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "The rows of each class alone, by exact:", 10)]
    [InlineData(100, "The 5 least accurate of 100 classes, by exact; --json has all:", 5)]
    public async Task Few_classes_are_all_in_the_table_and_of_many_the_worst(int classes, string title, int shown)
    {
        using var folder = new TestFolder();
        string[] arguments =
        [
            "certify", "--certificates", "exact", "--train", folder.Write("train.csv", Circle(classes, 3 * classes)),
            "--test", folder.Write("test.csv", Circle(classes, 2 * classes)),
        ];
        Invocation invocation = await Invocation.Of([.. arguments, "--report", folder["report.html"]]);
        Assert.All(invocation.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(title, invocation.Output, StringComparison.Ordinal);
        Assert.Equal(shown, invocation.Output.Split('\n').Count(line => line.StartsWith("  class [", StringComparison.Ordinal)));
        Assert.Equal(classes, File.ReadLines(folder["report.html"])
            .Count(line => line.StartsWith("<tr><th scope=\"row\">class [", StringComparison.Ordinal)));
        invocation = await Invocation.Of([.. arguments, "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        Assert.Equal(classes, document.RootElement.GetProperty("certificates")[0].GetProperty("by_class").GetArrayLength());
    }

    [Fact]
    public async Task Classes_that_are_never_predicted_are_named()
    {
        using var folder = new TestFolder();
        const string Train = "a,label\n-1,x\n-1.1,x\n-0.9,x\n1,y\n1.1,y\n0.9,y\n0,z\n";
        Invocation invocation = await Invocation.Of(
            "certify", "--certificates", "exact", "--train", folder.Write("train.csv", Train),
            "--test", folder.Write("test.csv", "a,label\n-1,x\n1,y\n0,z\n0.1,z\n"));
        Assert.Contains(
            "Never predicted: z; 2 rows are of this class.\nThe accuracy is not above that of answering z for every row, 50.0 %.",
            invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_never_predict_some_class_are_counted()
    {
        using var folder = new TestFolder();
        const string Train = "a,label\n-1,x\n-1.1,x\n-0.9,x\n1,y\n1.1,y\n0.9,y\n0,z\n";
        Invocation invocation = await Invocation.Of(
            "frontier", "--heads", "ridge,knn:1", "--ridges", "relative:1,relative:2", "--train", folder.Write("train.csv", Train),
            "--validation", folder.Write("test.csv", "a,label\n-1,x\n1,y\n0,z\n"));
        Assert.Contains("2 of 3 settings: some class of these rows is never predicted.", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_said_of_a_classifier_that_finds_every_class()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of(SmallData.WriteTo(folder));
        Assert.DoesNotContain("predicted ham", invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Never predicted", invocation.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not above", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_prints_nothing()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. Imbalanced(folder, ["certify"], "--test"), "--quiet"]);
        Assert.Equal("", invocation.Output);
        Assert.DoesNotContain("predicted", invocation.Error, StringComparison.Ordinal);
    }

    private static double[] ValuesOf(JsonElement element, string list, string value) =>
        [.. element.GetProperty(list).EnumerateArray().Select(point => point.GetProperty(value).GetDouble())];

    /// <summary>One row in twenty is malware, and the features hardly tell.</summary>
    private static string[] Imbalanced(TestFolder folder, string[] command, string test)
    {
        static string Csv(int rows, int seed)
        {
            var random = new Random(seed);
            var csv = new StringBuilder("a,b,label\n");
            for (int row = 0; row < rows; row++)
            {
                bool isMalware = row % 20 == 7;
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"{random.NextDouble() + (isMalware ? 0.1 : 0):F3},{random.NextDouble():F3},{(isMalware ? "malware" : "benign")}\n");
            }

            return csv.ToString();
        }

        return [.. command, "--train", folder.Write("train.csv", Csv(120, 1)), test, folder.Write("test.csv", Csv(60, 2))];
    }

    /// <summary>Classes around a circle, with names that are markup to some.</summary>
    private static string Circle(int classes, int rows)
    {
        var csv = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++)
        {
            double angle = 2 * Math.PI * (row % classes) / classes;
            csv.Append(CultureInfo.InvariantCulture, $"{Math.Cos(angle):F4},{Math.Sin(angle):F4},class [{row % classes}]\n");
        }

        return csv.ToString();
    }
}
