using System.Globalization;
using CertiFlip.Data.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Labels;

public sealed class LabelEncodingTests
{
    [Fact]
    public void Numbers_are_sorted_as_numbers() =>
        Assert.Equal(["-3", "-0.5", "0", "7", "10", "1e2"], Classes("10", "7", "1e2", "-0.5", "7", "0", "-3"));

    [Fact]
    public void Text_is_sorted_by_code_unit() =>
        Assert.Equal(["B", "a", "ä"], Classes("ä", "a", "B"));

    [Fact]
    public void One_label_that_is_no_number_makes_all_of_them_text() =>
        Assert.Equal(["10", "7", "x"], Classes("7", "10", "x"));

    [Fact]
    public void The_smaller_class_is_0()
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(["7", "1", "7"], "train");
        Assert.Equal([1, 0, 1], encoding.Encode(["7", "1", "7"], "train"));
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "01")]
    [InlineData("1", "+1")]
    [InlineData("1", "1.")]
    [InlineData("0.5", ".5")]
    [InlineData("0", "-0")]
    [InlineData("100", "1e2")]
    [InlineData("0.00001", "1E-05")]
    public void Spellings_of_one_number_are_one_class_named_by_the_first(string first, string second)
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels([first, second, "x", "-7"], "train");
        Assert.Contains(first, encoding.Classes);
        Assert.DoesNotContain(second, encoding.Classes);
        int[] encoded = encoding.Encode([first, second], "test");
        Assert.Equal(encoded[0], encoded[1]);
    }

    [Fact]
    public void Numbers_beyond_the_precision_of_doubles_stay_apart()
    {
        Assert.Equal(["9007199254740992", "9007199254740993"], Classes("9007199254740993", "9007199254740992"));
        Assert.Equal(["0.1", "0.10000000000000000000000000000000000001"], Classes("0.10000000000000000000000000000000000001", "0.1"));
        Assert.Equal(["1e-999", "1e999"], Classes("1e999", "1e-999"));
    }

    [Theory]
    [InlineData("1", "1 ")]
    [InlineData("1", "１")]
    [InlineData("1", "1,0")]
    [InlineData("1", "0x1")]
    [InlineData("a", "A")]
    [InlineData("1", "1\n")]
    public void What_is_no_spelling_of_the_same_number_stays_apart(string first, string second) =>
        Assert.Equal(2, Classes(first, second).Count);

    [Theory]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData("-.e1")]
    [InlineData("1e99999")]
    public void Odd_labels_are_text(string odd) =>
        Assert.Equal(2, Classes(odd, "1").Count);

    [Fact]
    public void Any_decimals_are_sorted_and_merged_as_decimal_arithmetic_would()
    {
        Gen<decimal> decimals =
            from units in Gen.Choose(-2000, 2000)
            from scale in Gen.Choose(0, 3)
            select new decimal(Math.Abs(units), 0, 0, units < 0, (byte)scale);
        Claim.HoldsFor(Gen.ArrayOf(decimals, 30), 100, values =>
        {
            decimal[] expected = [.. values.Append(5000).Distinct().Order()];
            string[] labels = [.. values.Append(5000).Select(value => value.ToString(CultureInfo.InvariantCulture))];
            Assert.Equal(expected, Classes(labels).Select(label => decimal.Parse(label, CultureInfo.InvariantCulture)));
        });
    }

    [Fact]
    public void A_label_never_seen_in_training_is_refused_naming_file_row_label_and_classes()
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(["spam", "ham"], "train.csv");
        Refusal.Of(() => encoding.Encode(["ham", "egg"], "test.csv"), "test.csv", "row 1", "'egg'", "'ham', 'spam'");
    }

    [Fact]
    public void Many_classes_are_not_all_listed()
    {
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels([.. Enumerable.Range(0, 1000).Select(c => $"c{c}")], "train");
        DataException refusal = Refusal.Of(() => encoding.Encode(["x"], "test"), "1000 in all");
        Assert.InRange(refusal.Message.Length, 1, 300);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_label_is_refused_naming_file_and_row(string empty)
    {
        Refusal.Of(() => LabelEncoding.FromTrainingLabels(["a", "b", empty], "train.csv"), "train.csv", "row 2", "empty");
        var encoding = LabelEncoding.FromTrainingLabels(["a", "b"], "train.csv");
        Refusal.Of(() => encoding.Encode(["a", empty], "test.csv"), "test.csv", "row 1", "empty");
    }

    [Fact]
    public void Data_without_labels_are_refused()
    {
        Dataset unlabelled = new(new FeatureMatrix(1, 1, [0]), "test.npy");
        Refusal.Of(() => LabelEncoding.FromTrainingLabels(unlabelled), "test.npy", "no labels");
        Refusal.Of(() => LabelEncoding.FromTrainingLabels(["a", "b"], "t").Encode(unlabelled), "test.npy", "no labels");
    }

    [Fact]
    public void A_single_class_is_refused() =>
        Refusal.Of(() => LabelEncoding.FromTrainingLabels(["1", "1.0"], "train.csv"), "train.csv", "'1'", "two classes");

    [Fact]
    public void Datasets_are_encoded_by_their_own_labels()
    {
        Dataset data = new(new FeatureMatrix(2, 1, [0, 1]), "x") { Labels = ["b", "a"] };
        Assert.Equal([1, 0], LabelEncoding.FromTrainingLabels(data).Encode(data));
    }

    private static ClassList Classes(params string[] labels) => LabelEncoding.FromTrainingLabels(labels, "train").Classes;
}
