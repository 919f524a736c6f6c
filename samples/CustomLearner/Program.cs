// Certifies a training procedure that CertiFlip does not know, by sampling: it is trained on many noisy copies of the
// labels, and the votes are counted.
//
//   dotnet run -c Release --project src/CertiFlip.Cli -- demo --save digits
//   dotnet run -c Release --project samples/CustomLearner -- digits/train.csv digits/test.csv
using CertiFlip;
using CertiFlip.Data;
using CertiFlip.Samples.CustomLearner;

Dataset train = DatasetReader.Read(args[0]), test = DataColumns.Of(train).Align(DatasetReader.Read(args[1]));
TrainingSet training = train.ToTrainingSet();
int classes = training.Classes.Count;

// With more noise, more is proved about a vote that withstands it. Choose it, like everything else, before you look at
// the labels.
var noise = new Noise(0.6, classes);
var options = new MonteCarloCertifierOptions { Sampling = new MonteCarloOptions { Samples = 1000, Seed = 2020 } };
var certifier = new MonteCarloCertifier(new NearestMeanLearner(train.Features, classes), training.Labels, noise, options);
IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(test.Features);

CertifiedAccuracy accuracy = CertifiedAccuracy.Of(CertificateKind.Tight, rows, training.Classes.Encode(test.Labels));
int abstentions = rows.Count(row => row[CertificateKind.Tight].Prediction == Certificate.Abstention);
Console.WriteLine($"{100 * accuracy.Accuracy:F1} % of {rows.Count} rows are correct; 1,000 samples could not decide {abstentions}");
for (int flips = 1; certifier.LargestRadius.Survives(flips); flips++)
    Console.WriteLine($"r = {flips}: {100 * accuracy.At(flips):F1} % are correct and certified, each with 99.9 % confidence");
Console.WriteLine($"1,000 samples cannot prove a radius above {certifier.LargestRadius}, however clear the vote");
