using CertiFlip.Data.Pipelines;

namespace CertiFlip.Data.Tests.Pipelines;

public sealed class PreprocessingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Categories_become_a_column_for_each_level_and_gaps_the_median_with_a_column_that_says_so()
    {
        Table training = Read("age,job\n20,cook\n30,\n?,smith\n50,cook\n");
        var map = Preprocessing.Fit(training, new PreprocessingRules { Scale = ScaleRule.None });
        Assert.Equal(["age", "age is missing", "job=cook", "job=smith", "job is missing"], map.FeatureNames);
        AssertRows(map.Transform(training), [20, 0, 1, 0, 0], [30, 0, 0, 0, 1], [30, 1, 0, 1, 0], [50, 0, 1, 0, 0]);
        Assert.Equal("1 number, 1 of them with gaps filled, 1 category as 3 columns", map.Description);
    }

    [Fact]
    public void Numbers_are_scaled_by_the_training_rows_alone()
    {
        Table training = Read("x,same\n1,7\n3,7\n");
        var map = Preprocessing.Fit(training, new PreprocessingRules());
        AssertRows(map.Transform(training), [-1, 0], [1, 0]);
        AssertRows(map.Transform(Read("x,same\n5,9\n")), [3, 2]);
    }

    [Fact]
    public void The_most_frequent_value_stands_in_for_gaps_and_of_equals_the_first()
    {
        var rules = new PreprocessingRules { Missing = MissingRule.MostFrequent, Scale = ScaleRule.None };
        Table training = Read("x,job\n2,b\n1,a\n,\n1,b\n2,a\n");
        AssertRows(
            Preprocessing.Fit(training, rules).Transform(training), [2, 0, 1], [1, 1, 0], [1, 1, 0], [1, 0, 1], [2, 1, 0]);
    }

    [Fact]
    public void What_training_rows_did_not_have_is_said_of_later_rows()
    {
        var map = Preprocessing.Fit(Read("x,job\n1,a\n2,b\n9,b\n"), new PreprocessingRules { Scale = ScaleRule.None });
        Table later = Read("x,job\n1,c\n,a\n3,d\n");
        AssertRows(map.Transform(later), [1, 0, 0], [2, 1, 0], [3, 0, 0]);
        DataRemark[] remarks = [.. map.RemarksOn(later)];
        Assert.Equal([RemarkKind.FilledGaps, RemarkKind.UnknownLevel], remarks.Select(remark => remark.Kind));
        Assert.Contains("column 'x' lacks a value, and no training row lacks one; 2 stands in there", remarks[0].Line);
        Assert.Contains("column 'job' has 2 levels that no training row has ('c', 'd') in 2 rows", remarks[1].Line);
        Assert.Equal([0, 2], remarks[1].Rows);
        Assert.Empty(map.RemarksOn(Read("x,job\n4,a\n")));
    }

    [Theory]
    [InlineData("x\n1\n2\nthree\n4\n", "line 4: 'three' in column 'x' is not a number, but most of the column is")]
    [InlineData("x,y\n,1\n,2\n", "column 'x' has no value in any row; pass over it with --ignore x.")]
    public void What_is_neither_number_nor_category_is_refused(string table, string message) =>
        Assert.Contains(message, Refusal(() => Preprocessing.Fit(Read(table), new PreprocessingRules())));

    [Theory]
    [InlineData("12%", "5%", "12%")]
    [InlineData("$1.50", "$2", "$1.50")]
    [InlineData("1.50 €", "-€3", "1.50 €")]
    [InlineData("\u22121", "2", "\u22121")]
    [InlineData("0x1F", "0xA0", "0x1F")]
    [InlineData("\"$1,234.50\"", "$7", "$1,234.50")]
    public void Numbers_that_are_not_plainly_written_are_no_categories_unless_that_is_said(string first, string second, string named)
    {
        Table training = Read($"x,y\n{first},1\n{second},2\n{first},3\n");
        string message = Refusal(() => Preprocessing.Fit(training, new PreprocessingRules()));
        Assert.Contains($"such as '{named}'", message);
        Assert.Contains("--category x", message);
        var stated = new Dictionary<string, ColumnRules> { ["x"] = new() { Kind = ColumnKind.Category } };
        Assert.Equal(3, Preprocessing.Fit(training, new PreprocessingRules { Columns = stated }).Features);
    }

    [Theory]
    [InlineData("12%", "half")]
    [InlineData("%", "$")]
    [InlineData("1a", "0x1G")]
    [InlineData("10:00", "<=50K")]
    public void Names_with_such_signs_are_categories(string first, string second) =>
        Assert.Equal(3, Preprocessing.Fit(Read($"x,y\n{first},1\n{second},2\n"), new PreprocessingRules()).Features);

    [Fact]
    public void A_text_that_hardly_comes_twice_is_no_category_unless_that_is_said()
    {
        Table training = Read("name\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"person {row}\n")));
        Assert.Contains("column 'name' has 30 different texts in 30 rows",
            Refusal(() => Preprocessing.Fit(training, new PreprocessingRules())));
        var stated = new PreprocessingRules
        {
            Columns = new Dictionary<string, ColumnRules> { ["name"] = new() { Kind = ColumnKind.Category } },
        };
        Assert.Equal(30, Preprocessing.Fit(training, stated).Features);
    }

    [Fact]
    public void Refused_gaps_are_named_with_their_line_in_training_and_later_rows()
    {
        var rules = new PreprocessingRules { Missing = MissingRule.Refuse };
        Assert.Contains("line 3: the cell of column 'x' is empty", Refusal(() => Preprocessing.Fit(Read("x\n1\n?\n"), rules)));
        var map = Preprocessing.Fit(Read("x,job\n1,a\n2,b\n"), rules);
        Assert.Contains("line 2: the cell of column 'x' is empty", Refusal(() => map.Transform(Read("x,job\n?,a\n"))));
        Assert.Contains("line 3: the cell of column 'job' is empty", Refusal(() => map.Transform(Read("x,job\n1,a\n1,?\n"))));
        Assert.Contains("'one' in column 'x' is not a number", Refusal(() => map.Transform(Read("x,job\none,a\n"))));
        Assert.Contains("there is no column 'job'", Refusal(() => map.Transform(Read("x,other\n1,a\n"))));
    }

    [Fact]
    public void Rules_are_read_from_json_and_what_is_unknown_in_it_is_refused()
    {
        var rules = PreprocessingRules.Read(_folder.Write(
            "rules.json", "{\"missing\": \"most-frequent\", \"scale\": \"none\", \"columns\": {\"zip\": {\"kind\": \"category\"}}}"));
        Assert.Equal((MissingRule.MostFrequent, ScaleRule.None), (rules.Missing, rules.Scale));
        Table training = Read("zip,x\n10115,1\n80331,2\n10115,3\n");
        Assert.Equal(["zip=10115", "zip=80331", "x"], Preprocessing.Fit(training, rules).FeatureNames);
        foreach (string wrong in (string[])["{\"scal\": \"none\"}", "{\"missing\": 1}", "{\"missing\": \"mean\"}", "[", "null"])
            Assert.Contains("rules", Refusal(() => PreprocessingRules.Read(_folder.Write("wrong.json", wrong))));
        Assert.Contains(
            "there is no column 'zip' among the features", Refusal(() => Preprocessing.Fit(Read("x\n1\n"), rules)));
    }

    [Fact]
    public void What_was_stored_makes_the_same_bits_of_hostile_tables()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 60; trial++)
        {
            Table training = RandomTable(random, 12), later = RandomTable(random, 9);
            var rules = new PreprocessingRules
            {
                Missing = random.Next(2) == 0 ? MissingRule.Median : MissingRule.MostFrequent,
                Scale = random.Next(2) == 0 ? ScaleRule.Standard : ScaleRule.None,
            };
            var map = Preprocessing.Fit(training, rules);
            var arrays = new ModelArrays();
            map.Store(arrays);
            var restored = Preprocessing.Restore(arrays);
            Assert.Equal(map.FeatureNames, restored.FeatureNames);
            Assert.Equal(map.Transform(later).Values.ToArray(), restored.Transform(later).Values.ToArray());
            Assert.Equal(Plainly(training, later, rules), map.Transform(later).Values.ToArray(), (one, other) =>
                Math.Abs(one - other) < 1e-9);
        }
    }

    /// <summary>The same by plain loops over cells, column by column.</summary>
    private static double[] Plainly(Table training, Table later, PreprocessingRules rules)
    {
        List<double[]> columns = [];
        foreach (string name in (string[])["x", "c"])
        {
            string?[] seen = Cells(training.Find(name)!), cells = Cells(later.Find(name)!);
            bool isMedian = rules.Missing == MissingRule.Median, anyGap = seen.Contains(null);
            if (name == "x")
            {
                double[] present = [.. seen.OfType<string>().Select(double.Parse).Order()];
                double fill = isMedian
                    ? (present[(present.Length - 1) / 2] + present[present.Length / 2]) / 2
                    : present.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
                double[] filled = [.. seen.Select(cell => cell is null ? fill : double.Parse(cell))];
                double mean = filled.Average(), deviation = Math.Sqrt(filled.Average(value => (value - mean) * (value - mean)));
                bool scales = rules.Scale == ScaleRule.Standard;
                columns.Add([.. cells.Select(cell => cell is null ? fill : double.Parse(cell)).Select(value =>
                    scales ? (value - mean) / (deviation > 0 ? deviation : 1) : value)]);
                if (anyGap && isMedian)
                    columns.Add([.. cells.Select(cell => cell is null ? 1.0 : 0)]);
            }
            else
            {
                string[] levels = [.. seen.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
                string frequent = levels.OrderByDescending(level => seen.Count(cell => cell == level)).First();
                columns.AddRange(levels.Select(level =>
                    cells.Select(cell => (cell ?? (isMedian ? null : frequent)) == level ? 1.0 : 0).ToArray()));
                if (anyGap && isMedian)
                    columns.Add([.. cells.Select(cell => cell is null ? 1.0 : 0)]);
            }
        }

        return [.. Enumerable.Range(0, later.Rows).SelectMany(row => columns.Select(column => column[row]))];
    }

    private static string?[] Cells(TableColumn column) => column is NumberColumn numbers
        ? [.. numbers.Values.ToArray().Select(value => double.IsNaN(value) ? null : $"{value}")]
        : [.. ((TextColumn)column).Values];

    private static Table RandomTable(Random random, int rows)
    {
        double[] numbers = [.. Enumerable.Range(0, rows).Select(row => row > 0 && random.Next(5) == 0 ? double.NaN : random.Next(-3, 4))];
        string?[] texts = [.. Enumerable.Range(0, rows).Select(row => row > 0 && random.Next(5) == 0 ? null : $"{"abcd"[random.Next(4)]}")];
        return new Table("random", [new NumberColumn("x", numbers), new TextColumn("c", texts)]);
    }

    private Table Read(string csv) => new TableReader().Read(_folder.Write("table.csv", csv), new TableOptions { HasHeader = true });

    private static string Refusal(Action action) => Assert.Throws<DataException>(action).Message;

    private static void AssertRows(FeatureMatrix features, params double[][] rows) =>
        Assert.Equal(rows, Enumerable.Range(0, features.Rows).Select(row => features.Row(row).ToArray()));
}
