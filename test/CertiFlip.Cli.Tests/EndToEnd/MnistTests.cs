using System.Globalization;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>MNIST 1/7 from .npy files through the command to the rows it writes, held against plain loops.</summary>
public sealed class MnistTests
{
    private const int RowsChecked = 12;

    [Fact]
    public async Task Every_test_row_is_written_once_and_in_order()
    {
        IReadOnlyList<CsvRow> rows = await MnistRun.Rows();
        Assert.Equal(2163, rows.Count);
        Assert.Equal(Enumerable.Range(0, 2163), rows.Select(row => row.Whole("row")));
    }

    [Fact]
    public async Task The_classifier_is_a_good_one_and_every_row_has_kl_tight_structured_in_this_order()
    {
        IReadOnlyList<CsvRow> rows = await MnistRun.Rows();
        Assert.True(rows.Average(row => row["label"] == row["prediction"] ? 1.0 : 0) > 0.97);
        Assert.All(rows, row =>
        {
            Assert.True(row.Whole("radius_kl") <= row.Whole("radius_tight"));
            Assert.True(row.Whole("radius_tight") <= row.Whole("radius_structured"));
        });
    }

    [Fact]
    public async Task Exact_radii_and_log_failures_are_those_of_plain_loops()
    {
        IReadOnlyList<CsvRow> rows = await MnistRun.Rows();
        var head = new PlainHead(OnesAndSevens.Training.Features);
        for (int i = 0; i < RowsChecked; i++)
        {
            int row = i * rows.Count / RowsChecked;
            double[] weights = head.Weights(OnesAndSevens.Test.Features[row]);
            (int prediction, int radius) = PlainHead.Exact(weights, OnesAndSevens.Training.Labels);
            Assert.Equal((prediction, radius), (rows[row].Whole("exact_prediction"), rows[row].Whole("exact_radius")));

            double logFailure = PlainHead.LogFailure(weights, OnesAndSevens.Training.Labels, MnistRun.Noise);
            double written = double.Parse(rows[row]["log_failure"], CultureInfo.InvariantCulture);
            Assert.InRange(written, logFailure - 1e-9, logFailure + 1e-5 * Math.Abs(logFailure));
        }
    }
}
