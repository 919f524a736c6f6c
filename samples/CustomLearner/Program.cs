// Certifies a training procedure that CertiFlip does not know, by sampling: train it on many noisy copies of the labels
// and count the votes.
//
//   dotnet run -c Release --project src/CertiFlip.Cli -- demo --save digits
//   dotnet run -c Release --project samples/CustomLearner -- digits/train.csv digits/test.csv
using CertiFlip;
using CertiFlip.Data;
using CertiFlip.Samples.CustomLearner;
using CertiFlip.Smoothing;

Dataset train = DatasetReader.Read(args[0]), test = DatasetReader.Read(args[1]);
LabelEncoding encoding = LabelEncoding.FromTrainingLabels(train);
var labels = new ClassLabels(encoding.Encode(train), encoding.Classes.Count);

// More noise proves more of a vote that withstands it. Like everything else it is chosen before the labels are looked
// at.
var noise = new Noise(0.6, labels.ClassCount);
var certifier = new MonteCarloCertifier(
    new NearestMeanLearner(train.Features, labels.ClassCount), labels, noise, new MonteCarloOptions { Samples = 1000, Seed = 2020 });
IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(test.Features);

CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Tight, rows, encoding.Encode(test));
int abstentions = rows.Count(row => row.Prediction == Certificate.Abstention);
Console.WriteLine(
    $"{100 * accuracy.Accuracy:F1} % of {rows.Count} rows are right; "
    + $"{abstentions} are left open, because 1,000 samples could not decide them");
for (int flips = 1; flips <= certifier.LargestRadius; flips++)
    Console.WriteLine($"{100 * accuracy.At(flips):F1} % are right whichever labels are wrong, up to {flips}; each with 99.9 % confidence");
Console.WriteLine($"no radius above {certifier.LargestRadius} can be proved by 1,000 samples, however clear the vote");
