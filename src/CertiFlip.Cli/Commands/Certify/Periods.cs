using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>The options about an adversary who owns the labels of any period of time.</summary>
internal sealed class PeriodOptions
{
    private readonly Option<string> _time = new("--time")
    {
        Description = "When each training row was labelled: a column of the training table (which is then no feature), or a file with "
            + "column 'time', of numbers or of dates such as 2024-03-01 or 2024-03-01T12:30. Predictions are then also certified "
            + "against an adversary who owns the labels of any one period.",
        HelpName = "COLUMN",
        CompletionSources = { Choices.Perhaps() },
    };

    private readonly Option<PeriodLength?> _window = new("--window")
    {
        Description = "With --time: how long that period is, in the unit of the column, or for dates with a unit, such as 90s, 30min, "
            + "12h, 7d or 2w. [default: only the longest period that each row survives]",
        HelpName = "T",
        CustomParser = result =>
            OptionValue.Parse(result, "a number, at least 0, or one with a unit such as 90s, 30min, 12h, 7d or 2w", PeriodLength.TryParse),
    };

    public IEnumerable<Option> All => [_time, _window];

    /// <summary>The file of times, where one was named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => parsed.GetValue(_time) is { } time && File.Exists(time) ? [time] : [];

    /// <summary>A column of the training table that is no feature, where one was named.</summary>
    public string? Column(ParseResult parsed) => parsed.GetValue(_time) is { } time && !File.Exists(time) ? time : null;

    /// <summary>Refuses the options where nothing is certified against such an adversary.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="prices">What says what labels cost.</param>
    /// <exception cref="UsageException">They would have no effect, or the time of no row is known.</exception>
    public void RefuseUnused(ParseResult parsed, IEnumerable<Option> prices)
    {
        if (parsed.GetValue(_time) is null)
        {
            CommandOptions.RefuseWithout(parsed, [_window], "--time", ", or name the time of each training row");
            return;
        }

        CommandOptions.RefuseGiven(parsed, prices, "--time, since who owns a period pays for none of its labels");
    }

    /// <summary>Reads times and length; null where they were not asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="trainingFile">The training table; null with a model.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="DataException">There is not a time for every training row.</exception>
    /// <exception cref="UsageException">The length has another unit than times.</exception>
    public PeriodQuestion? Read(ParseResult parsed, string? trainingFile, RunData data)
    {
        if (parsed.GetValue(_time) is not { } time)
            return null;
        TimeAxis axis = File.Exists(time) ? TimeAxis.Read(time, "time", data.Training) : Column(time, trainingFile, data.Training);
        return new PeriodQuestion(axis, time, parsed.GetValue(_window)?.On(axis));
    }

    private static TimeAxis Column(string column, string? trainingFile, Dataset training)
    {
        if (trainingFile is null || training.FeatureNames.Count == 0)
            throw new UsageException(
                $"--time '{column}': {training.Source} has no columns with times; expected a file with column 'time', a line for each "
                    + "training row.");
        return TimeAxis.Read(trainingFile, column, training);
    }
}

/// <summary>What is asked about an adversary who owns the labels of any period.</summary>
/// <param name="Axis">The times of the training rows.</param>
/// <param name="Time">What the user calls them.</param>
/// <param name="Window">The length of the period, if one was stated.</param>
internal sealed record PeriodQuestion(TimeAxis Axis, string Time, decimal? Window)
{
    private static readonly RowForm<PeriodCertificate> Form = new(
        (writer, row) =>
        {
            writer.Write(row.Prediction);
            writer.Write(row.AssumesClasses);
            writer.Write(row.Weakest is not null);
            if (row.Weakest is { } weakest)
            {
                writer.Write(weakest.Start);
                writer.Write(weakest.End);
                writer.Write(weakest.Rival);
            }
        },
        reader =>
        {
            int prediction = RowForm.Within(reader.ReadInt32(), 0, int.MaxValue);
            bool assumes = reader.ReadBoolean();
            return new PeriodCertificate(
                prediction,
                reader.ReadBoolean()
                    ? new DecisivePeriod(reader.ReadDecimal(), reader.ReadDecimal(), RowForm.Within(reader.ReadInt32(), 0, int.MaxValue))
                    : null)
            {
                AssumesClasses = assumes,
            };
        });

    /// <summary>The answer for the head that was certified.</summary>
    public PeriodResult Answer(RunData data, MethodResult outcome, IWorkProgress progress, CancellationToken cancellation)
    {
        var certifier = (Certifier)outcome.Certifier!;
        FeatureMatrix test = data.Test.Features;
        return new PeriodResult(data, this, RowWork.Current.Rows("periods", test.Rows, Form, (first, count) =>
        {
            IProgress<int> done = progress.ReportCount("certifying periods", count, "rows");
            return RunData.Named(data.Test, () => certifier.CertifyPeriods(test.Part(first, count), Axis.Times, done, cancellation));
        }));
    }
}

/// <summary>A length of time as the user wrote it.</summary>
/// <param name="Text">As written.</param>
/// <param name="Number">How much.</param>
/// <param name="Seconds">How many seconds its unit has; null without a unit.</param>
internal sealed record PeriodLength(string Text, decimal Number, decimal? Seconds)
{
    private static readonly (string Unit, decimal Seconds)[] Units = [("min", 60), ("s", 1), ("h", 3600), ("d", 86400), ("w", 604800)];

    public static PeriodLength? TryParse(string text)
    {
        (string Unit, decimal Seconds)? unit =
            Array.Find(Units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal)) is { Unit: not null } found ? found : null;
        string number = unit is { } used ? text[..^used.Unit.Length].TrimEnd() : text;
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value <= TimeAxis.Largest ? new PeriodLength(text, value, unit?.Seconds) : null;
    }

    /// <summary>The length in the unit of an axis.</summary>
    /// <exception cref="UsageException">It has a unit and times have none, or the other way round.</exception>
    public decimal On(TimeAxis axis) => (axis.AreDates, Seconds) switch
    {
        (true, { } seconds) => Number * seconds,
        (false, null) => Number,
        (true, null) => throw new UsageException(
            $"--window '{Text}': the times of {axis.Source} are dates; expected a length with a unit, such as 7d or 12h."),
        (false, not null) => throw new UsageException(
            $"--window '{Text}': the times of {axis.Source} are numbers; expected a number in the same unit."),
    };
}

/// <summary>The times of the training rows: numbers, or seconds since the year 1 of dates.</summary>
/// <param name="Times">A time for each row.</param>
/// <param name="AreDates">Whether they are dates.</param>
/// <param name="Source">Where they come from.</param>
internal sealed record TimeAxis(IReadOnlyList<decimal> Times, bool AreDates, string Source)
{
    /// <summary>The largest time or length: differences and sums of such numbers do not overflow.</summary>
    public const decimal Largest = 1e20m;

    private static readonly string[] DateFormats =
    [
        .. from separator in (string[])["'T'", "' '"]
           from time in (string[])["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"]
           from zone in (string[])["", "K"]
           select $"yyyy-MM-dd{separator}{time}{zone}",
        "yyyy-MM-dd",
    ];

    /// <summary>Reads the times of training rows.</summary>
    /// <exception cref="DataException">There is not one for every row.</exception>
    public static TimeAxis Read(string path, string column, Dataset training)
    {
        RowValues values = LabelReader.ReadValues(path, column, training);
        if (values.Texts.Count != training.RowsInSource)
            throw new DataException(
                $"{path}: there are {values.Texts.Count} times for {training.RowsInSource} training rows; one for each is expected.");
        int[] rows = [.. Enumerable.Range(0, training.Features.Rows).Select(training.NumberOf)];
        bool areDates = Number(values.Texts[rows[0]]) is null;
        return new TimeAxis(
            [
                .. rows.Select(row => (areDates ? Date(values.Texts[row]) : Number(values.Texts[row])) ?? throw new DataException(
                    $"{values.PlaceOf(row)}, column '{column}': '{values.Texts[row]}' is not a time; expected "
                        + (areDates ? "a date such as 2024-03-01 or 2024-03-01T12:30." : "a number, as in the first row."))),
            ],
            areDates, path);
    }

    /// <summary>A time as people write it.</summary>
    public string Show(decimal time)
    {
        if (!AreDates)
            return time.ToString("0.############", CultureInfo.InvariantCulture);
        var date = new DateTime((long)(time * TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        string format = date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
        return date.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A length of time as people write it, rounded down.</summary>
    public string ShowLength(decimal length)
    {
        if (!AreDates)
            return Show(length);
        (string unit, decimal seconds) = length switch
        {
            >= 86400 => ("d", 86400m),
            >= 3600 => ("h", 3600m),
            >= 60 => ("min", 60m),
            _ => ("s", 1m),
        };
        return $"{(Math.Floor(length / seconds * 10) / 10).ToString("0.#", CultureInfo.InvariantCulture)} {unit}";
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
            out decimal number) && Math.Abs(number) <= Largest ? number : null;

    private static decimal? Date(string text) =>
        DateTimeOffset.TryParseExact(
            text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset date) ? date.UtcTicks / (decimal)TimeSpan.TicksPerSecond : null;
}
