// A reward model: which of two answers is better, learnt from what judges said of pairs. How many judgements would turn
// its choice.
//
//   dotnet run -c Release --project samples/Preferences -- pairs    # writes pairs/train.csv and pairs/new.csv, too
using System.Globalization;
using CertiFlip;
using CertiFlip.Heads;
using CertiFlip.Samples.Preferences;

Judgement[] judgements = Judgements.Collect(600, seed: 4);
FeatureMatrix Of(IEnumerable<double[]> answers) => FeatureMatrix.FromRows([.. answers]);
FeatureMatrix differences = PreferencePairs.Differences(Of(judgements.Select(one => one.First)), Of(judgements.Select(one => one.Second)));
ClassList classes = ClassList.Of("first", "second");
var labels = new ClassLabels([.. judgements.Select(one => one.Preferred)], classes);
PairsHead head = PairsHead.Fit(differences); // Of the answers alone: no judgement is looked at.

// Four answers to one question, as they stand.
var random = new Random(5);
double[][] answers = [.. Enumerable.Range(0, 4).Select(_ => Judgements.Answer(random))];
int[][] pairs = [.. from a in Enumerable.Range(0, 4) from b in Enumerable.Range(a + 1, 3 - a) select (int[])[a, b]];
FeatureMatrix questions =
    PreferencePairs.Differences(Of(pairs.Select(pair => answers[pair[0]])), Of(pairs.Select(pair => answers[pair[1]])));

Console.WriteLine($"{judgements.Length} judgements by {Judgements.Judges} judges, λ = {head.Lambda:F1}");
var anybody = new Certifier(head, labels);
IReadOnlyList<RowCertificates> certified = PreferencePairs.CertifyBothWays(anybody, questions);
foreach ((int[] pair, RowCertificates row) in pairs.Zip(certified))
{
    Console.WriteLine(
        $"  answer {"ABCD"[pair[0]]} or {"ABCD"[pair[1]]}: {Choice(pair, row.Exact.Prediction)}, after any "
        + $"{row.Exact.Radius} wrong judgements");
}

// The best of four stays the best as long as it wins each of its pairs.
int best = Enumerable.Range(0, 4).MaxBy(answer => pairs.Zip(certified).Count(entry =>
    entry.Second.Exact.Prediction >= 0 && entry.First[entry.Second.Exact.Prediction] == answer));
Radius kept = pairs.Zip(certified).Where(entry => entry.First.Contains(best)).Min(entry => entry.Second.Exact.Radius);
Console.WriteLine($"The best of the four is {"ABCD"[best]}, and stays it after any {kept} wrong judgements.");

// Exchanged answers: the other class, the same radius. Equal answers: no preference.
IReadOnlyList<RowCertificates> exchanged = PreferencePairs.CertifyBothWays(anybody, PreferencePairs.Differences(
    Of(pairs.Select(pair => answers[pair[1]])), Of(pairs.Select(pair => answers[pair[0]]))));
bool isSame = certified.Zip(exchanged).All(both =>
    both.First.Exact.Prediction == 1 - both.Second.Exact.Prediction && both.First.Exact.Radius == both.Second.Exact.Radius);
Certificate equal = PreferencePairs.CertifyBothWays(
    anybody, new FeatureMatrix(1, answers[0].Length, new double[answers[0].Length]))[0].Exact;
Console.WriteLine($"Asked the other way round: {(isSame ? "the same answers, the same radii" : "something else")}.");
Console.WriteLine($"An answer beside itself: {(equal.Prediction == Certificate.Abstention ? "no preference" : "a preference")}.");

// A call in the middle: whose judgements would turn it.
int middle = certified.Index().OrderBy(row => row.Item.Exact.Radius).ElementAt(certified.Count / 2).Index;
if (anybody.TryFindWitness(questions.Row(middle), out Witness? witness))
{
    IEnumerable<string> judges = witness.Flips.GroupBy(flip => judgements[flip.Row].Judge).OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key).Take(3).Select(group => $"{group.Count()} by judge {group.Key}");
    Console.WriteLine(
        $"Between {"ABCD"[pairs[middle][0]]} and {"ABCD"[pairs[middle][1]]}, {witness.Flips.Count} judgements would make it "
        + $"{Choice(pairs[middle], witness.Rival)}, among them {string.Join(", ", judges)}.");
}

Console.WriteLine("What a single judge can turn, whatever they say:");
int[] all = [.. Enumerable.Range(0, judgements.Length)];
int[][] turned = [.. Enumerable.Range(0, Judgements.Judges).Select(judge =>
{
    var others = new LabelFlipAdversary { TrustedRows = [.. all.Where(row => judgements[row].Judge != judge)] };
    IReadOnlyList<RowCertificates> rows =
        PreferencePairs.CertifyBothWays(new Certifier(head, labels, new CertifierOptions { Adversary = others }), questions);
    return rows.Index().Where(row => !row.Item.Exact.Radius.IsAny).Select(row => row.Index).ToArray();
})];
foreach ((int index, int[] pair) in pairs.Index())
    Console.WriteLine(
        $"  {"ABCD"[pair[0]]} or {"ABCD"[pair[1]]}: {turned.Count(can => can.Contains(index))} of {Judgements.Judges} judges");

if (args is [string folder])
{
    Directory.CreateDirectory(folder);
    string header = string.Join(',', ((string[])["a", "b"]).SelectMany(item => Judgements.Features.Select(name => $"{item}_{name}")));
    string Line(double[] a, double[] b) =>
        string.Join(',', a.Concat(b).Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)));
    File.WriteAllLines(
        Path.Combine(folder, "train.csv"),
        [$"{header},better", .. judgements.Select(one => $"{Line(one.First, one.Second)},{classes[one.Preferred]}")]);
    File.WriteAllLines(
        Path.Combine(folder, "new.csv"), [header, .. pairs.Select(pair => Line(answers[pair[0]], answers[pair[1]]))]);
}

static string Choice(int[] pair, int prediction) => prediction < 0 ? "neither" : $"{"ABCD"[pair[prediction]]}";
