using System.Globalization;
using System.Text;

namespace CertiFlip.Cli.Tests.Support;

/// <summary>Two clouds of points on a line and a half, small enough to read and the same at every run.</summary>
internal static class SmallData
{
    /// <summary>A .csv with columns a, b and label; rows alternate between the classes.</summary>
    public static string Csv(int rows, string class0 = "ham", string class1 = "spam", int seed = 1)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++)
        {
            double centre = row % 2 == 0 ? -1 : 1;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{centre + random.NextDouble() - 0.5:F3},{random.NextDouble():F3},{(row % 2 == 0 ? class0 : class1)}\n");
        }

        return csv.ToString();
    }

    /// <summary>Writes train.csv (40 rows) and test.csv (10 rows), and gives the arguments that name them.</summary>
    public static string[] WriteTo(TestFolder folder)
    {
        folder.Write("train.csv", Csv(40));
        folder.Write("test.csv", Csv(10, seed: 2));
        return ["certify", "--train", folder["train.csv"], "--test", folder["test.csv"]];
    }

    /// <summary>Trains on such rows, and gives the path of the model.</summary>
    public static async Task<string> Model(TestFolder folder, int rows = 40, params string[] options)
    {
        Invocation invocation = await Invocation.Of(
            ["train", "--train", folder.Write("train.csv", Csv(rows)), .. options, "--out", folder["model"], "--quiet"]);
        Assert.Equal(0, invocation.ExitCode);
        return folder["model"];
    }
}
