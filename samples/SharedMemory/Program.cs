// A memory of embeddings that others can write to: a question goes to the team that the most similar entries name. How
// many entries must somebody write before a question goes elsewhere?
//
//   dotnet run -c Release --project samples/SharedMemory
//
// Whoever writes may write anything: any text, any team of the list, as often as they like, and a copy of the very
// question.
using CertiFlip;
using CertiFlip.Heads;
using CertiFlip.Samples.SharedMemory;

Entry[] entries = Memory.Write(600, seed: 1), questions = Memory.Write(90, seed: 2);
TrainingSet memory = Remember(entries);
FeatureMatrix asked = FeatureMatrix.FromRows([.. questions.Select(question => Memory.Embed(question.Text))]);
int[] truth = Memory.Teams.Encode([.. questions.Select(question => question.Team)]);

// Only moderators delete entries: others can insert, and nothing else.
var writers = new RowCertifierOptions { Adversary = new RowAdversary { InsertPrice = 1, RemovePrice = null } };
Console.WriteLine($"{entries.Length} entries by others, {questions.Length} questions, teams {string.Join(", ", Memory.Teams)}");
Console.WriteLine("                       right   right whatever r entries others write");
Console.WriteLine("                               r=1      r=5      r=20     r=50");
foreach (int neighbours in (int[])[1, 5, 25, 101])
    Show(neighbours == 1 ? "1 nearest entry" : $"{neighbours} nearest entries", Nearest(memory, neighbours, writers));
foreach (int parts in (int[])[50, 150])
    Show($"vote of {parts} parts", Votes(memory, parts, writers));

// The attack that the certificate counts, carried out: copies of the question that name another team.
const int Neighbours = 25;
ICertifier nearest = Nearest(memory, Neighbours, writers);
Entry question = questions[0];
Certificate certificate = nearest.Certify(Memory.Embed(question.Text)).Certificates[0];
string team = Memory.Teams[certificate.Prediction];
int survived = certificate.Radius.Budget;
string rival = Memory.Teams.First(other => other != team && TeamAfter(survived + 1, other) != team);
Console.WriteLine();
Console.WriteLine($"\"{question.Text}\" goes to {team}, and stays there whatever {survived} entries others write");
foreach (int written in (int[])[survived, survived + 1])
    Console.WriteLine($"with {written} copies of it that say {rival}, it goes to {TeamAfter(written, rival)}");

// Where entries can be deleted as well, at the same price, fewer changes are survived.
Certificate both = Nearest(memory, Neighbours, new RowCertifierOptions()).Certify(Memory.Embed(question.Text)).Certificates[0];
Console.WriteLine($"if others could delete entries, too, it would survive any {both.Radius} changes");

string TeamAfter(int written, string says)
{
    TrainingSet after = Remember([.. Enumerable.Repeat(new Entry(question.Text, says), written), .. entries]);
    return Memory.Teams[Nearest(after, Neighbours, writers).Certify(Memory.Embed(question.Text)).Certificates[0].Prediction];
}

static TrainingSet Remember(Entry[] entries) => new(
    FeatureMatrix.FromRows([.. entries.Select(entry => Memory.Embed(entry.Text))]), [.. entries.Select(entry => entry.Team)], Memory.Teams);

static ICertifier Nearest(TrainingSet memory, int neighbours, RowCertifierOptions options) =>
    RowCertifier.Fit(memory, HeadChoice.TryParse($"knn:{neighbours}")!, options);

static ICertifier Votes(TrainingSet memory, int parts, RowCertifierOptions options) =>
    new AggregationCertifier(memory, RowPartition.ByHash(memory, parts), rows => HeadChoice.TryParse("knn:3")!.Fit(rows), options);

void Show(string name, ICertifier certifier)
{
    var accuracy = CertifiedAccuracy.Of(certifier.Certificates[0], certifier.CertifyBatch(asked), truth);
    string[] shares = [.. ((IEnumerable<int>)[1, 5, 20, 50]).Select(r => $"{100 * accuracy.At(r),5:F1} %")];
    Console.WriteLine($"{name,-20} {100 * accuracy.Accuracy,5:F1} % {string.Join("  ", shares)}");
}
