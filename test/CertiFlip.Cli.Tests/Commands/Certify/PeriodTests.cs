using System.Globalization;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Whoever owns the labels of a period: times as numbers or dates, in the table or beside it.</summary>
public sealed class PeriodTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("numbers", "3", 1)]
    [InlineData("dates", "3d", 86400)]
    [InlineData("times", "72h", 86400)]
    public async Task The_column_is_no_feature_and_each_row_has_its_shortest_period(string kind, string window, int day)
    {
        string[] arguments = Data(row => Time(kind, row));
        Invocation invocation = await Invocation.Of(
            [.. arguments, "--time", "sent", "--window", window, "--out", _folder["out.csv"], "--report", _folder["report.html"]]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains("Whoever owns the labels of any one period [t, t + 3", OneLine(invocation.Output), StringComparison.Ordinal);
        Assert.Contains("<section id=\"periods\"", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);

        // A row a day: a period that flips r + 1 labels is at least r days long.
        string[][] lines = [.. File.ReadLines(_folder["out.csv"]).Select(line => line.Split(','))];
        Assert.Equal(
            "row,label,exact_prediction,exact_radius,shortest_period,period_start,period_end,window_survived,listed_classes_only",
            string.Join(',', lines[0]));
        foreach (string[] line in lines.Skip(1))
        {
            double days = double.Parse(line[4], CultureInfo.InvariantCulture) / day;
            Assert.InRange(days, int.Parse(line[3], CultureInfo.InvariantCulture), 40);
            Assert.Equal(days > 3 ? "true" : "false", line[7]);
        }

        // The same without the column, times in a file of their own.
        string times = _folder.Write("times.csv", "time\n" + string.Join('\n', Enumerable.Range(0, 40).Select(row => Time(kind, row))));
        string train = _folder.Write("plain.csv", SmallData.Csv(40)), test = _folder.Write("plain-test.csv", SmallData.Csv(10, seed: 2));
        Invocation beside = await Invocation.Of(
            "certify", "--train", train, "--test", test, "--certificates", "exact", "--time", times, "--window", window,
            "--out", _folder["beside.csv"], "--quiet");
        Assert.Equal(0, beside.ExitCode);
        Assert.Equal(File.ReadAllText(_folder["out.csv"]), File.ReadAllText(_folder["beside.csv"]));
    }

    [Fact]
    public async Task Json_has_the_share_and_what_half_of_the_rows_survive()
    {
        Invocation invocation = await Invocation.Of([.. Data(row => $"{row}"), "--time", "sent", "--window", "0", "--json"]);
        using var document = JsonDocument.Parse(invocation.Output);
        JsonElement periods = document.RootElement.GetProperty("periods");
        Assert.Equal(("sent", 0, 1), (
            periods.GetProperty("time").GetString(), periods.GetProperty("window").GetInt32(), periods.GetProperty("survived").GetInt32()));
        Assert.True(periods.GetProperty("half_survives_shorter_than").GetDouble() > 1);
        Assert.False(periods.TryGetProperty("unit", out _));
    }

    [Fact]
    public async Task A_model_takes_times_from_a_file()
    {
        string model = await SmallData.Model(_folder);
        string test = _folder.Write("test.csv", SmallData.Csv(10, seed: 2));
        string times = _folder.Write("times.csv", "time\n" + string.Join('\n', Enumerable.Range(0, 40)));
        Invocation invocation = await Invocation.Of("certify", "--model", model, "--test", test, "--time", times);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains("any one period [t, t + T] by", OneLine(invocation.Output), StringComparison.Ordinal);
        Invocation column = await Invocation.Of("certify", "--model", model, "--test", test, "--time", "sent");
        Assert.Equal(2, column.ExitCode);
        Assert.Contains("expected a file with column 'time'", column.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--window 3d", 2, "--window has no effect without --time")]
    [InlineData("--time sent --window 3d", 2, "are numbers; expected a number in the same unit.")]
    [InlineData("--time sent --window -1", 2, "--window '-1': expected a number, at least 0")]
    [InlineData("--time sent --method partition", 2, "--time has no effect with --method partition")]
    [InlineData("--time sent --costs costs.csv", 2, "--costs has no effect with --time")]
    [InlineData("--time posted --ignore sent", 1, "expected a column of that name")]
    public async Task What_makes_no_sense_is_refused(string options, int exitCode, string message)
    {
        Invocation invocation = await Invocation.Of([.. Data(row => $"{row}"), .. options.Split(' ')]);
        Assert.Equal(exitCode, invocation.ExitCode);
        Assert.Contains(message, invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    [InlineData("2024-13-01")]
    public async Task What_is_no_time_is_named_with_its_line(string time)
    {
        Invocation invocation = await Invocation.Of([.. Data(row => row == 7 ? time : Time("dates", row)), "--time", "sent"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains(
            $"train.csv, line 9, column 'sent': '{time}' is not a time; expected a date", invocation.LastError, StringComparison.Ordinal);
    }

    private static string Time(string kind, int row) => kind switch
    {
        "dates" => new DateTime(2024, 2, 20).AddDays(row).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "times" => new DateTime(2024, 2, 20, 12, 30, 0).AddDays(row).ToString("yyyy-MM-dd HH:mm:ss+02:00", CultureInfo.InvariantCulture),
        _ => $"{row}",
    };

    private string[] Data(Func<int, string> time)
    {
        _folder.Write("train.csv", WithTimes(SmallData.Csv(40), time));
        _folder.Write("test.csv", WithTimes(SmallData.Csv(10, seed: 2), _ => ""));
        return ["certify", "--train", _folder["train.csv"], "--test", _folder["test.csv"], "--certificates", "exact"];
    }

    private static string WithTimes(string csv, Func<int, string> time)
    {
        string[] lines = csv.TrimEnd('\n').Split('\n');
        return string.Join('\n', lines.Select((line, i) => i == 0 ? $"sent,{line}" : $"{time(i - 1)},{line}"));
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
